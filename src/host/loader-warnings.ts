/**
 * What Node says about how it loads a file, which is no news to a person who starts a server: that types were stripped,
 * that a package.json without "type" cost it a second parse, or (beside the error that says it better) that it is CommonJS.
 */
function isAboutLoading(warning: Error & { code?: string }): boolean {
  return (
    warning.code === 'MODULE_TYPELESS_PACKAGE_JSON' ||
    /^Failed to load the ES module/.test(warning.message) ||
    (warning.name === 'ExperimentalWarning' && /Type Stripping/i.test(warning.message))
  );
}

let quiet = false;

/** Keeps those warnings from stderr, for good; all others are printed as before. */
export function quietLoaderWarnings(): void {
  if (quiet) return;
  quiet = true;
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', warning => {
    if (!isAboutLoading(warning)) for (const print of printers) print(warning);
  });
}

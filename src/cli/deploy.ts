/** `slipway deploy`: the files of a deployment, or what is wrong with those that exist. */
import { nearest } from '../host/configuration/nearest.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { FlagValues } from './command.ts';
import { switchValue } from './switch-value.ts';

function usage(why: string): SlipwayError {
  return new SlipwayError('SLIP_CLI_USAGE', { why });
}

/** Only these say something about a file that exists. */
const CHECK_FLAGS = new Set(['check', 'json', 'nginx-version']);

async function check(file: string, target: string | undefined, values: FlagValues): Promise<void> {
  if (target !== undefined) throw usage(`--check takes one file and no target, not '${target}'`);
  const other = Object.keys(values).find(name => values[name] !== undefined && !CHECK_FLAGS.has(name));
  if (other !== undefined) throw usage(`--${other} is for files that are written and can not be used with --check`);
  const { checkFile } = await import('../deploy/check.ts');
  const { checkJson, checkReport, faultCount } = await import('../deploy/check-report.ts');
  const { nginxVersion } = await import('../deploy/nginx/version.ts');
  const given = values['nginx-version'];
  const version = given === undefined ? undefined : nginxVersion(given);
  if (given !== undefined && version === undefined) {
    throw usage(`--nginx-version takes a version such as 1.22.1, not '${given}'`);
  }
  const checked = checkFile(file, version);
  process.stdout.write(switchValue('json', values['json']) === true ? checkJson(checked) : checkReport(checked));
  if (faultCount(checked) > 0) process.exitCode = 1;
}

/**
 * Prints or writes the files of a target, or checks a file.
 *
 * @param name the target; undefined with `--check`
 * @param values the texts of the flags
 * @throws SlipwayError `SLIP_CLI_USAGE`, `SLIP_DEPLOY_OUT`, `SLIP_DEPLOY_SYNTAX`, `SLIP_CLI_FILE_*`
 */
export async function deploy(name: string | undefined, values: FlagValues): Promise<void> {
  const { check: file, out, force, json, ...texts } = values;
  if (file !== undefined) return check(file, name, values);
  if (out === '') throw usage('--out takes a folder; . is the current one');
  if (json !== undefined) throw usage('--json is for --check');
  const { TARGETS } = await import('../deploy/targets.ts');
  const names = TARGETS.map(target => target.name);
  const target = TARGETS.find(one => one.name === name);
  if (target === undefined) {
    const near = name === undefined ? undefined : nearest(name, names);
    const what = name === undefined ? 'slipway deploy needs a target' : `There is no target '${name}'`;
    throw usage(`${what}${near === undefined ? '' : ` (did you mean ${near}?)`}; it is one of ${names.join(', ')}`);
  }
  const { deploymentOf } = await import('../deploy/deployment.ts');
  const { nextSteps, printed, writeFiles } = await import('../deploy/output.ts');
  const deployment = deploymentOf(texts);
  const files = target.files(deployment);
  if (out === undefined) {
    if (switchValue('force', force) !== undefined) throw usage('--force is for --out');
    process.stdout.write(printed(files));
    return;
  }
  const paths = writeFiles(out, files, switchValue('force', force) === true);
  process.stdout.write(nextSteps(target, deployment, out, paths));
}

import { type Front, hasHeader, headerMatches } from './front.ts';

export const fastly: Front = {
  name: 'Fastly',
  recognise: headers =>
    hasHeader(headers, 'x-fastly-request-id') ||
    headerMatches(headers, 'x-served-by', /\bcache-[a-z]{3}-[a-z0-9]+-[A-Z]{3}\b/),
  snippets: [
    {
      rows: [25, 26],
      language: 'vcl',
      text: `sub vcl_recv { #FASTLY recv
  return(pass);
}
sub vcl_fetch { #FASTLY fetch
  set beresp.do_stream = true;
  set beresp.gzip = false;
}`,
    },
  ],
};

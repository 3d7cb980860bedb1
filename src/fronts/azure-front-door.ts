import { type Front, hasHeader } from './front.ts';

export const azureFrontDoor: Front = {
  name: 'Azure Front Door',
  recognise: headers => hasHeader(headers, 'x-azure-ref'),
  snippets: [
    {
      rows: [26],
      language: 'text',
      text: 'Front Door > Routes > (route) > Enable compression: off; leave text/event-stream out of its types.',
    },
    {
      rows: [27, 28],
      language: 'sh',
      text: 'az afd profile update --profile-name PROFILE --resource-group GROUP --origin-response-timeout-seconds 240',
    },
  ],
};

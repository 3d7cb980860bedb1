import { type Front, hasHeader } from './front.ts';

export const awsApiGateway: Front = {
  name: 'AWS API Gateway',
  recognise: headers => hasHeader(headers, 'apigw-requestid', 'x-amz-apigw-id'),
  snippets: [
    {
      rows: [25, 27, 28, 46, 47],
      language: 'text',
      text: `API Gateway collects an answer before it passes it on (REST APIs can stream, if told to), and ends what takes longer
than 29 s. Have the server answer with JSON (responseMode: json) and refuse GET (sessions: off), or put an Application
Load Balancer in its place.`,
    },
  ],
};

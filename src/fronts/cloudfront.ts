import { type Front, hasHeader, headerMatches } from './front.ts';

const language = 'json';

export const cloudfront: Front = {
  name: 'CloudFront',
  recognise: headers =>
    hasHeader(headers, 'x-amz-cf-id', 'x-amz-cf-pop') || headerMatches(headers, 'via', /\bCloudFront\b/i),
  snippets: [
    {
      rows: [19, 24],
      language,
      text: `{
  "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3"
}`,
    },
    {
      rows: [9, 30, 86],
      language,
      text: `{
  "AllowedMethods": { "Quantity": 7, "Items": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"] }
}`,
    },
    { rows: [25, 26], language, text: '{ "Compress": false }' },
    {
      rows: [27, 28],
      language,
      text: `{
  "CustomOriginConfig": { "OriginReadTimeout": 60, "OriginKeepaliveTimeout": 60 }
}`,
    },
  ],
};

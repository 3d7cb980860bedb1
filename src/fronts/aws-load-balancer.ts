import { type Front, headerMatches } from './front.ts';

const language = 'sh';

export const awsLoadBalancer: Front = {
  name: 'AWS Application Load Balancer',
  recognise: headers =>
    headerMatches(headers, 'server', /^awselb\//i) || headerMatches(headers, 'set-cookie', /\bAWSALB(CORS)?=/),
  snippets: [
    {
      rows: [9, 11],
      language,
      text: `# A pattern with /* does not match the path without it.
aws elbv2 modify-rule --rule-arn "$RULE" \\
  --conditions Field=path-pattern,Values=/,/mcp,/mcp/*,/.well-known/*`,
    },
    {
      rows: [8],
      language,
      text: `# Its redirects are 301 or 302, which turn POST into GET. Let port 80 say so instead, and publish the https URL.
aws elbv2 modify-listener --listener-arn "$HTTP_LISTENER" \\
  --default-actions 'Type=fixed-response,FixedResponseConfig={StatusCode=403,ContentType=text/plain,MessageBody=https only}'`,
    },
    {
      rows: [27, 28],
      language,
      text: `aws elbv2 modify-load-balancer-attributes --load-balancer-arn "$BALANCER" \\
  --attributes Key=idle_timeout.timeout_seconds,Value=4000`,
    },
    {
      rows: [45],
      language,
      text: `# Or sessions that every replica knows: the same SLIPWAY_SECRETS in each.
aws elbv2 modify-target-group-attributes --target-group-arn "$TARGETS" \\
  --attributes Key=stickiness.enabled,Value=true Key=stickiness.type,Value=lb_cookie`,
    },
  ],
};

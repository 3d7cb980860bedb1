/** `slipway/testing`: a client for the tests of a server. Re-exports only. */
export type { Client } from '../client/client.ts';
export type { RequestOptions } from '../client/request-options.ts';
export { type CommandTarget, type ConnectOptions, connect, type Target } from './connect.ts';
export type { Answer, AnswerContent, Elicit, Question } from './elicitation.ts';
export { type ServeHttpOptions, serveHttp, type TestServer } from './serve-http.ts';
export {
  type CompletionValues,
  type PromptResult,
  type ResourceResult,
  TestClient,
  type ToolResult,
} from './test-client.ts';

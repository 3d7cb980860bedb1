/** A server that says which one of several it is. */
import { McpServer } from 'slipway';

export function placeServer(place: string): McpServer {
  const mcp = new McpServer({ name: 'places', version: '1.0.0' });
  mcp.registerTool('place', {}, () => place);
  return mcp;
}

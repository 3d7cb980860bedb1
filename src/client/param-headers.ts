/** Arguments of tools that are mirrored into headers: what their schemas say of it, as far as they have been listed. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { compileParamHeaders, type ParamHeaderRule, paramHeaders } from '../protocol/param-header.ts';
import type { CallToolRequestParams, Tool } from '../protocol/tool.ts';

export class ParamHeaders {
  readonly #rules = new Map<string, readonly ParamHeaderRule[]>();

  /**
   * Reads the schemas of tools.
   *
   * @returns the tools without those whose mirroring is not valid: a client must not call them (basic/transports)
   */
  learn(tools: readonly Tool[], report: (error: Error) => void): Tool[] {
    return tools.filter(({ name, inputSchema }) => {
      const compiled = compileParamHeaders(inputSchema);
      if ('fault' in compiled) {
        this.#rules.delete(name);
        report(new SlipwayError('SLIP_SCHEMA_HEADER', { name, why: compiled.fault }));
        return false;
      }
      this.#rules.set(name, compiled.rules);
      return true;
    });
  }

  /** The headers of a call; undefined when it needs none, or its tool has not been listed. */
  of(params: CallToolRequestParams | undefined): Record<string, string> | undefined {
    const rules = params && this.#rules.get(params.name);
    return rules === undefined || rules.length === 0 ? undefined : paramHeaders(rules, params?.arguments);
  }
}

/** Rows 96 and 97: output schemas that clients refuse. */

import { walkSchema } from '../../protocol/subschema.ts';
import { fact } from '../evidence.ts';
import { isMember, type JsonMember } from '../observations/rpc-answer.ts';
import type { Sighting } from '../probe.ts';
import { MAX_NAMED, nameOf, type ToolLint } from './tool-lint.ts';

function hasApp({ _meta: meta }: JsonMember): boolean {
  if (!isMember(meta)) return false;
  const ui = meta['ui'];
  return (isMember(ui) && ui['resourceUri'] !== undefined) || meta['ui/resourceUri'] !== undefined;
}

function hasAnyOf(schema: JsonMember): boolean {
  let found = false;
  walkSchema(schema, ({ schema: node }) => {
    if ('anyOf' in node) found = true;
  });
  return found;
}

export const outputSchemas: ToolLint = {
  rows: [96, 97],
  look({ tools }) {
    const named = tools.map((tool, index) => ({ tool, name: nameOf(tool, index), schema: tool['outputSchema'] }));
    const noObject = named.filter(
      ({ schema }) => schema !== undefined && (!isMember(schema) || schema['type'] !== 'object'),
    );
    const spinning = named.filter(({ tool, schema }) => isMember(schema) && hasApp(tool) && hasAnyOf(schema));
    const sightings: Sighting[] = [];
    if (noObject.length > 0) {
      const text = ({ name, schema }: (typeof named)[number]) =>
        `the outputSchema of '${name}' has ${isMember(schema) && schema['type'] !== undefined ? `"type": ${JSON.stringify(schema['type'])}` : 'no "type"'} at its root`;
      sightings.push({ row: 96, evidence: noObject.slice(0, MAX_NAMED).map(one => fact(text(one))) });
    }
    if (spinning.length > 0) {
      const text = `have an app and anyOf in their outputSchema`;
      sightings.push({ row: 97, evidence: [fact(`${spinning.map(({ name }) => `'${name}'`).join(', ')} ${text}`)] });
    }
    return sightings;
  },
};

/** Code of Lua between the braces of a directive such as `content_by_lua_block` (OpenResty): no words of nginx. */

const LUA_BLOCK = /_by_lua_block$/;

export function takesLua(directive: string): boolean {
  return LUA_BLOCK.test(directive);
}

/** What hides braces, from its beginning on: comments and texts, long ones (`[[...]]`, `[=[...]=]`) too. */
const HIDING =
  /--\[(=*)\[[\s\S]*?\]\1\]|--[^\n]*|\[(=*)\[[\s\S]*?\]\2\]|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/y;

/** Where the brace is that closes a block; undefined where none does. */
export function endOfLua(text: string, start: number): number | undefined {
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    HIDING.lastIndex = at;
    const hidden = HIDING.exec(text);
    if (hidden !== null) {
      at += hidden[0].length - 1;
      continue;
    }
    if (text[at] === '{') depth++;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return undefined;
}

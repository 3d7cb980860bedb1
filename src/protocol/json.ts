/** The values that JSON can carry (RFC 8259). */

/** Any JSON value. */
export type JSONValue = string | number | boolean | null | JSONObject | JSONArray;

/** A JSON object with any members. */
export type JSONObject = { [key: string]: JSONValue };

/** A JSON array. */
export type JSONArray = JSONValue[];

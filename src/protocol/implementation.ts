/** Names, titles and icons, as they describe software and what it offers (MCP 2026-07-28, basic, Icons). */

/** An image that a client may show next to a name. */
export type Icon = {
  /** An `https:` or `data:` URI. */
  src: string;
  mimeType?: string;
  /** `WxH`, for example `48x48`, or `any` for a scalable image. */
  sizes?: string[];
  /** The background that the icon is made for. */
  theme?: 'light' | 'dark';
};

/** The icons of something, in no particular order. */
export type Icons = { icons?: Icon[] };

/** A programmatic name and, for people, a title. */
export type BaseMetadata = { name: string; title?: string };

/** The software at one end of the connection. */
export type Implementation = BaseMetadata &
  Icons & {
    version: string;
    description?: string;
    websiteUrl?: string;
  };

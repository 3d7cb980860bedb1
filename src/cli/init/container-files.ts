/** How a new project becomes an image. */

/** The Node that runs now, where it is one with long-term support. */
function nodeImage(): string {
  const major = Number(process.versions.node.split('.')[0]);
  return `node:${major % 2 === 0 ? major : major - 1}-slim`;
}

export function dockerfile(): string {
  return `FROM ${nodeImage()}
WORKDIR /app

# Dependencies first: this layer is kept until they change.
COPY package.json package-lock.json* ./
RUN if [ -f package-lock.json ]; then npm ci --omit=dev; else npm install --omit=dev; fi && npm cache clean --force
COPY . .

# Sessions and keys: mount a volume here, so that they outlive the container.
RUN mkdir -p /state && chown node:node /state
ENV NODE_ENV=production SLIPWAY_HOST=0.0.0.0 SLIPWAY_STATE_DIR=/state
USER node
EXPOSE 8087
HEALTHCHECK --start-period=10s --interval=30s --timeout=3s \\
  CMD ["node", "-e", "fetch('http://127.0.0.1:8087/readyz').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# Not through npm: signals have to reach the server, so that calls in flight finish.
CMD ["node_modules/.bin/slipway", "start", "server.ts"]
`;
}

export const DOCKERIGNORE = `node_modules
.slipway
.git
.env
Dockerfile
*.test.ts
*.tgz
`;

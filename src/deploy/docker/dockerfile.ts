/** The image: the server with what it needs to run, for a user without rights and a root that is only read. */
import type { Deployment } from '../deployment.ts';

/** The major release of Node that runs now, or the one with long-term support before it. */
function nodeMajor(): number {
  const major = Number(process.versions.node.split('.')[0]);
  return major % 2 === 0 ? major : major - 1;
}

/** Where the image keeps what outlives a container. */
export function stateFolder({ name }: Deployment): string {
  return `/var/lib/${name}`;
}

/** The user `node` of the official images; as a number, so that Kubernetes sees that it is not root. */
export const IMAGE_USER = 1000;

/** The file, without the commands at its end. */
export function dockerfile(deployment: Deployment): string {
  const { domain, port, serverFile } = deployment;
  const command = [
    'node',
    'node_modules/slipway/bin/slipway.js',
    'start',
    ...(serverFile === undefined ? [] : [serverFile]),
  ];
  const image = `node:${nodeMajor()}-slim`;
  return `# The MCP server ${domain} as an image. Written by slipway deploy docker.
#
# It belongs beside package.json and package-lock.json, with .dockerignore, which keeps secrets and rubbish out.

# What the server imports, without what only its development needs. This stage is made anew when package-lock.json changes,
# or a package that is in this folder as a tarball.
FROM ${image} AS dependencies
WORKDIR /app
COPY package.json package-lock.json *.tgz ./
RUN npm ci --omit=dev && npm cache clean --force

FROM ${image}
# Reached from outside of the container, by a proxy in a private network. What differs between installations
# (SLIPWAY_PUBLIC_URL, SLIPWAY_ALLOWED_HOSTS, secrets) comes with the container.
ENV NODE_ENV=production \\
    SLIPWAY_HOST=0.0.0.0 \\
    SLIPWAY_PORT=${port} \\
    SLIPWAY_TRUSTED_PROXIES=private \\
    SLIPWAY_STATE_DIR=${stateFolder(deployment)} \\
    SLIPWAY_QUIET=true
WORKDIR /app
# The code belongs to root, so the server can not change it.
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
# Sessions, and keys where none are given. The only folder that has to be written: put a volume there.
RUN install -d -o ${IMAGE_USER} -g ${IMAGE_USER} -m 0700 ${stateFolder(deployment)}
USER ${IMAGE_USER}:${IMAGE_USER}
EXPOSE ${port}
# Whether it is ready for requests: the server says so itself, there is no curl in the image.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \\
    CMD ["node", "-e", "fetch('http://127.0.0.1:${port}/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself, without npm or a shell: they would keep the signal that lets calls finish.
CMD ${JSON.stringify(command).replaceAll('","', '", "')}
`;
}

/** What stays out of the image. */
export function dockerignore(): string {
  return `# What stays out of the image. Written by slipway deploy docker.

# Made anew in the image, for its own system.
node_modules
# State, keys and other secrets.
.slipway
.env
.env.*
*.pem
*.key
secrets
# What a running server does not read.
.git
.github
.vscode
coverage
deploy
test
*.test.ts
*.test.js
Dockerfile
.dockerignore
compose.yaml
Caddyfile
kubernetes.yaml
`;
}

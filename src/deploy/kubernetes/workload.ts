/** The pods: what runs in them, and how they come and go. */
import { DEFAULT_LIMITS } from '../../transport/http/limits.ts';
import { type Deployment, publicUrlOf } from '../deployment.ts';
import { IMAGE_USER, stateFolder } from '../docker/dockerfile.ts';

/** Of /metrics, for the monitoring of the cluster: another one than clients use. */
export function adminPort({ port }: Deployment): number {
  return port === 9087 ? 9088 : 9087;
}

export function secretName({ name }: Deployment): string {
  return `${name}-secrets`;
}

export function serviceAccount({ name }: Deployment): string {
  return `# The pods ask nothing of the cluster, so they get no token for it.
apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
automountServiceAccountToken: false
`;
}

function environment(deployment: Deployment): string {
  const { domain, maxBodyBytes } = deployment;
  const limit =
    maxBodyBytes === DEFAULT_LIMITS.maxBodyBytes
      ? ''
      : `
            - name: SLIPWAY_MAX_BODY_BYTES
              value: "${maxBodyBytes}"`;
  return `            # Where clients reach it. Requests for other names are refused, and the ingress controller is believed.
            - name: SLIPWAY_PUBLIC_URL
              value: ${publicUrlOf(deployment)}
            - name: SLIPWAY_ALLOWED_HOSTS
              value: ${domain}
            - name: SLIPWAY_TRUSTED_PROXIES
              value: private
            - name: SLIPWAY_HOST
              value: 0.0.0.0
            - name: SLIPWAY_PORT
              value: "${deployment.port}"
            - name: SLIPWAY_ADMIN_HOST
              value: 0.0.0.0
            - name: SLIPWAY_ADMIN_PORT
              value: "${adminPort(deployment)}"
            - name: SLIPWAY_STATE_DIR
              value: ${stateFolder(deployment)}
            - name: SLIPWAY_SECRETS_FILE
              value: /run/secrets/slipway/slipway-secrets${limit}`;
}

export function workload(deployment: Deployment): string {
  const { name, image, port } = deployment;
  return `# The pods. Every one has the same secrets, so each knows the sessions of all others. What a session of the 2025 era has
# open (a stream to be resumed, a question to the client) is known only to the pod where it began; with such clients, take
# one replica, or an ingress controller that can hash on the header Mcp-Session-Id. 2026-07-28 has nothing like that.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  # The number of replicas is left to the HorizontalPodAutoscaler.
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      # First a new pod, then one old pod less.
      maxSurge: 1
      maxUnavailable: 0
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "${adminPort(deployment)}"
        prometheus.io/path: /metrics
    spec:
      serviceAccountName: ${name}
      automountServiceAccountToken: false
      # Services of the namespace would be described in variables, some with names of ours.
      enableServiceLinks: false
      # The sleep below, 5 s of lame duck, 30 s for calls, and what follows.
      terminationGracePeriodSeconds: 60
      securityContext:
        runAsNonRoot: true
        runAsUser: ${IMAGE_USER}
        runAsGroup: ${IMAGE_USER}
        fsGroup: ${IMAGE_USER}
        seccompProfile:
          type: RuntimeDefault
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              app.kubernetes.io/name: ${name}
      containers:
        - name: server
          image: ${image}
          ports:
            - name: http
              containerPort: ${port}
            - name: admin
              containerPort: ${adminPort(deployment)}
          env:
${environment(deployment)}
          # Slow starts are waited for, then the other two probes begin.
          startupProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 2
            failureThreshold: 30
          # Not about to stop, and its storage works: else it gets no requests.
          readinessProbe:
            httpGet: { path: /readyz, port: http }
            periodSeconds: 5
            timeoutSeconds: 3
            failureThreshold: 2
          # Only whether the event loop turns: a pod whose storage fails is not mended by a new one.
          livenessProbe:
            httpGet: { path: /healthz, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          lifecycle:
            preStop:
              # Meanwhile the endpoint disappears from the ingress controller; only then SIGTERM begins the drain.
              exec:
                command: [sleep, "10"]
          resources:
            requests:
              cpu: 250m
              memory: 256Mi
            # No limit on CPU: it would hold up a busy pod while the node is idle. Node takes its heap's size from this one.
            limits:
              memory: 1Gi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: [ALL]
          volumeMounts:
            - name: state
              mountPath: ${stateFolder(deployment)}
            - name: tmp
              mountPath: /tmp
            - name: secrets
              mountPath: /run/secrets/slipway
              readOnly: true
      volumes:
        - name: state
          emptyDir:
            sizeLimit: 1Gi
        - name: tmp
          emptyDir:
            sizeLimit: 256Mi
        # Made by the command at the end of this file; the secret itself is never in a manifest.
        - name: secrets
          secret:
            secretName: ${secretName(deployment)}
            defaultMode: 0440
`;
}

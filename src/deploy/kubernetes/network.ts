/** How the pods are reached, and what they reach. */
import type { Deployment } from '../deployment.ts';
import { adminPort } from './workload.ts';

export function service({ name }: Deployment): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`;
}

/** Bytes as nginx writes them, of which every release knows `k`. */
function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024)}k`;
}

export function ingress({ name, domain, maxBodyBytes }: Deployment): string {
  return `# The way in, with a certificate by cert-manager. Every path goes to the server as it is. Annotations say the same to the
# two controllers that are made of nginx: streams are passed on as they come, are cut only after an hour of silence (the
# server sends a comment every 15 s), and bodies may be as large as the server takes them. Traefik, Envoy and HAProxy need
# none of it. No CORS and no limits here: the server sends each header once, and all users of Claude come from a few addresses.
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
  annotations:
    cert-manager.io/cluster-issuer: letsencrypt
    nginx.ingress.kubernetes.io/proxy-buffering: "off"
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
    nginx.ingress.kubernetes.io/proxy-send-timeout: "3600"
    nginx.ingress.kubernetes.io/proxy-body-size: ${kilobytes(maxBodyBytes)}
    nginx.ingress.kubernetes.io/proxy-http-version: "1.1"
    nginx.org/proxy-buffering: "False"
    nginx.org/proxy-read-timeout: 3600s
    nginx.org/proxy-send-timeout: 3600s
    nginx.org/client-max-body-size: ${kilobytes(maxBodyBytes)}
spec:
  ingressClassName: nginx
  tls:
    - hosts: [${domain}]
      secretName: ${name}-tls
  rules:
    - host: ${domain}
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  name: http
`;
}

export function networkPolicy(deployment: Deployment): string {
  const { name } = deployment;
  return `# Only the ingress controller reaches the server, and only the monitoring its metrics. Put the names of your namespaces
# here. Outwards everything is open but the addresses where clouds hand out credentials; narrow it to what your tools call.
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  policyTypes: [Ingress, Egress]
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ingress-nginx
      ports:
        - port: http
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: monitoring
      ports:
        - port: ${adminPort(deployment)}
  egress:
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [169.254.0.0/16]
        - ipBlock:
            cidr: ::/0
            except: ["fd00:ec2::254/128", "fe80::/10"]
`;
}

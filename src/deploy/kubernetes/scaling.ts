/** How many pods there are, and how many may be gone. */
import type { Deployment } from '../deployment.ts';

export function autoscaler({ name }: Deployment): string {
  return `# Two pods at least, more when they are busy. A server that waits for others has little use for its CPU: where the cluster
# has an adapter for Prometheus, add the requests in flight.
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  minReplicas: 2
  maxReplicas: 10
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: 70
    # - type: Pods
    #   pods:
    #     metric:
    #       name: slipway_requests_in_flight
    #     target:
    #       type: AverageValue
    #       averageValue: "100"
  behavior:
    scaleDown:
      # Each pod that goes ends its streams, so not at every lull.
      stabilizationWindowSeconds: 300
`;
}

export function disruptionBudget({ name }: Deployment): string {
  return `# When nodes are emptied, one pod after the other.
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ${name}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
`;
}

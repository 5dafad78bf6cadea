/** How the API server reaches a kubelet for what only the node knows. Answers are plain text; failures are ApiErrors. */
export interface KubeletDoor {
  /** What `GET /containerLogs/…` of the kubelet answers. */
  logs(node: string, request: LogRequest): string
}

export interface LogRequest {
  readonly namespace: string
  readonly pod: string
  readonly container: string
  readonly previous: boolean
  readonly timestamps: boolean
  readonly tailLines?: number
  readonly sinceSeconds?: number
  readonly limitBytes?: number
}

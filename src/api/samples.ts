/**
 * Manifests of the seed notes in today's API, of the autoscaler's walkthrough, and of a Pod that is staged, by file name:
 * the editor offers them, and they lie in the home directory of the workstation.
 */
export const samples: Readonly<Record<string, string>> = {
  'echo-hname.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: echo-hname
  labels:
    app: nginx
spec:
  replicas: 3
  selector:
    matchLabels:
      app: nginx
  template:
    metadata:
      labels:
        app: nginx
    spec:
      containers:
        - name: echo-hname
          image: sysnet4admin/echo-hname
`,
  'nginx-pod.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: nginx-pod
spec:
  containers:
    - name: container-name
      image: nginx
`,
  'nodeport.yaml': `apiVersion: v1
kind: Service
metadata:
  name: np-svc
spec:
  selector:
    app: nginx
  ports:
    - name: http
      protocol: TCP
      port: 80
      targetPort: 80
      nodePort: 30000
  type: NodePort
`,
  'ingress.yaml': `apiVersion: v1
kind: Service
metadata:
  name: hname-svc-default
spec:
  selector:
    app: nginx
  ports:
    - name: http
      port: 80
      targetPort: 80
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ingress-nginx
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: hname-svc-default
                port:
                  number: 80
`,
  'php-apache.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: php-apache
spec:
  selector:
    matchLabels:
      run: php-apache
  template:
    metadata:
      labels:
        run: php-apache
    spec:
      containers:
        - name: php-apache
          image: registry.k8s.io/hpa-example
          ports:
            - containerPort: 80
          resources:
            limits:
              cpu: 500m
            requests:
              cpu: 200m
---
apiVersion: v1
kind: Service
metadata:
  name: php-apache
  labels:
    run: php-apache
spec:
  ports:
    - port: 80
  selector:
    run: php-apache
`,
  'leak.yaml': `apiVersion: v1
kind: Pod
metadata:
  name: leak
  annotations:
    podscape.dev/memory: 20Mi
    podscape.dev/memory-growth: 2Mi/s
    podscape.dev/log: started
spec:
  containers:
    - name: main
      image: example.com/my-app
      resources:
        limits:
          memory: 100Mi
`,
  'rollout-nginx.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: rollout-nginx
spec:
  replicas: 3
  selector:
    matchLabels:
      app: rollout
  template:
    metadata:
      labels:
        app: rollout
    spec:
      containers:
        - name: nginx
          image: nginx:1.15.12
`,
}

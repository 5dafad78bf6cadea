import type { Image } from '../node/runtime/image.ts'
import { baseImages } from './base-images.ts'
import { calicoImages } from './calico.ts'
import { corednsImage } from './coredns.ts'
import { echoHname } from './echo-hname.ts'
import { etcdImage } from './etcd.ts'
import { hpaExampleImages } from './hpa-example.ts'
import { httpd } from './httpd.ts'
import { kubeApiServerImage } from './kube-apiserver.ts'
import { kubeControllerManagerImage } from './kube-controller-manager.ts'
import { kubeProxyImage } from './kube-proxy.ts'
import { kubeSchedulerImage } from './kube-scheduler.ts'
import { networkPluginImages } from './network-plugins.ts'
import { nginx } from './nginx.ts'
import { pause } from './pause.ts'
import { stressImages } from './stress.ts'

/** Every image of which more is known than its name. One line an image. */
export const images: readonly Image[] = [
  pause,
  etcdImage,
  kubeApiServerImage,
  kubeControllerManagerImage,
  kubeSchedulerImage,
  kubeProxyImage,
  corednsImage,
  ...calicoImages,
  ...networkPluginImages,
  nginx,
  httpd,
  echoHname,
  ...hpaExampleImages,
  ...stressImages,
  ...baseImages,
]

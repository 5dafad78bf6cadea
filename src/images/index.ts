import type { Image } from '../node/runtime/image.ts'
import { echoHname } from './echo-hname.ts'
import { etcdImage } from './etcd.ts'
import { httpd } from './httpd.ts'
import { kubeApiServerImage } from './kube-apiserver.ts'
import { nginx } from './nginx.ts'
import { pause } from './pause.ts'
import { systemImages } from './system.ts'

/** Every image of which more is known than its name. One line an image. */
export const images: readonly Image[] = [pause, etcdImage, kubeApiServerImage, nginx, httpd, echoHname, ...systemImages]

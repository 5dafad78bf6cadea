import { newManager } from '../client/controllers.ts'
import { newElection } from '../client/election.ts'
import { controllers } from '../control-plane/controllers/index.ts'
import { controlPlaneImage, identityOf, processOf } from './control-plane.ts'

/** The controllers, in one process that leads or stands by. */
export const kubeControllerManagerImage = controlPlaneImage('kube-controller-manager', 'v1.36.2', {
  type: 'kube-controller-manager',
  ports: [10_257],
  sizeBytes: 23_100_000,
  memoryBytes: 58 * 2 ** 20,
  cpuMillis: 15,
  state: process =>
    newManager(
      { controllers },
      process.now,
      newElection('kube-controller-manager', identityOf(process)),
      processOf(process),
    ),
})

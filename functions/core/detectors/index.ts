/** Every detector, in the order in which they are documented. */
import type { Detector } from "./detector";
import { newExternalPeer } from "./new-external-peer";
import { newInternalPeer } from "./new-internal-peer";
import { newPeerPort } from "./new-peer-port";

export const DETECTORS = [newInternalPeer, newExternalPeer, newPeerPort] satisfies Detector[];

export const detectorOf = (type: string): Detector | undefined =>
  DETECTORS.find((detector) => detector.type === type);

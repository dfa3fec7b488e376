/** Every detector, in the order in which they are documented. */
import type { Detector } from "./detector";
import { newExternalPeer } from "./new-external-peer";
import { newInternalPeer } from "./new-internal-peer";
import { newPeerPort } from "./new-peer-port";
import { threatListPeer } from "./threat-list-peer";

export const DETECTORS = [newInternalPeer, newExternalPeer, newPeerPort, threatListPeer] satisfies Detector[];

export const detectorOf = (type: string): Detector | undefined =>
  DETECTORS.find((detector) => detector.type === type);

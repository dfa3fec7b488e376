/** Every detector, in the order in which they are documented. */
import { beaconing } from "./beaconing";
import { connectionScan } from "./connection-scan";
import type { Detector } from "./detector";
import { newExternalPeer } from "./new-external-peer";
import { newInternalPeer } from "./new-internal-peer";
import { newPeerPort } from "./new-peer-port";
import { outboundVolume } from "./outbound-volume";
import { threatListPeer } from "./threat-list-peer";

export const DETECTORS = [
  newInternalPeer,
  newExternalPeer,
  newPeerPort,
  threatListPeer,
  beaconing,
  outboundVolume,
  connectionScan,
] satisfies Detector[];

export const detectorOf = (type: string): Detector | undefined =>
  DETECTORS.find((detector) => detector.type === type);

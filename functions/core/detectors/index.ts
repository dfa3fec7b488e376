/** Every detector, in the order in which they are documented. */
import { beaconing } from "./beaconing";
import { connectionScan } from "./connection-scan";
import { credentialsOutsideLambda } from "./credentials-outside-lambda";
import { deniedApiCalls } from "./denied-api-calls";
import type { Detector } from "./detector";
import { newApiRegion } from "./new-api-region";
import { newExternalPeer } from "./new-external-peer";
import { newInternalPeer } from "./new-internal-peer";
import { newPeerPort } from "./new-peer-port";
import { outboundVolume } from "./outbound-volume";
import { threatListPeer } from "./threat-list-peer";
import { unusualApiCall } from "./unusual-api-call";

export const DETECTORS = [
  newInternalPeer,
  newExternalPeer,
  newPeerPort,
  threatListPeer,
  beaconing,
  outboundVolume,
  connectionScan,
  unusualApiCall,
  newApiRegion,
  deniedApiCalls,
  credentialsOutsideLambda,
] satisfies Detector[];

export const detectorOf = (type: string): Detector | undefined =>
  DETECTORS.find((detector) => detector.type === type);

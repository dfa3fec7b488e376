/** Every detector, in the order in which they are documented. */

import { beaconing } from "./beaconing";
import { codeChange } from "./code-change";
import { concurrencySpike } from "./concurrency-spike";
import { connectionScan } from "./connection-scan";
import { credentialsOutsideLambda } from "./credentials-outside-lambda";
import { deniedApiCalls } from "./denied-api-calls";
import type { Detector } from "./detector";
import { durationShift } from "./duration-shift";
import { errorSpike } from "./error-spike";
import { invocationSpike } from "./invocation-spike";
import { layerAdded } from "./layer-added";
import { newApiRegion } from "./new-api-region";
import { newExternalPeer } from "./new-external-peer";
import { newInternalPeer } from "./new-internal-peer";
import { newPeerPort } from "./new-peer-port";
import { outboundVolume } from "./outbound-volume";
import { publicFunctionUrl } from "./public-function-url";
import { publicInvokePermission } from "./public-invoke-permission";
import { roleChange } from "./role-change";
import { telemetryDisabled } from "./telemetry-disabled";
import { telemetryStalled } from "./telemetry-stalled";
import { threatListPeer } from "./threat-list-peer";
import { throttleSpike } from "./throttle-spike";
import { triggerAdded } from "./trigger-added";
import { unusualApiCall } from "./unusual-api-call";
import { wentSilent } from "./went-silent";

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
  publicInvokePermission,
  publicFunctionUrl,
  codeChange,
  layerAdded,
  roleChange,
  triggerAdded,
  telemetryDisabled,
  invocationSpike,
  errorSpike,
  throttleSpike,
  concurrencySpike,
  durationShift,
  wentSilent,
  telemetryStalled,
] satisfies Detector[];

export const detectorOf = (type: string): Detector | undefined =>
  DETECTORS.find((detector) => detector.type === type);

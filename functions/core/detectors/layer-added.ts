/**
 * Sees: layers set on a function by somebody who does not deploy it as a rule; a layer of another account weighs more.
 * Why: a layer is code that runs before the function's own, with its role, and does not show in its package.
 * Tuned by: `learningDays`.
 */
import { entityName } from "../attribution/entity";
import { fieldsOf, listOf, textAt } from "../telemetry/json-fields";
import type { TrailEvent } from "../telemetry/trail-event";
import { isOfFunction, unusualChange } from "./change-sighting";
import type { ChangeDetector, Sighting, Verdict } from "./detector";

const OWN = 5;
const FOREIGN = 7.5;

export const layerAdded: ChangeDetector = {
  type: "LayerAdded",
  judges: "change",
  source: "trail",
  title: "A layer set by somebody who does not deploy the function as a rule",
  severity: "high",
  misses:
    "Layers that whoever deploys the function sets; a layer that was there before is not told from a new one, where somebody else sets it again.",
  reference: "https://attack.mitre.org/techniques/T1525/",
  mitre: ["T1525", "T1546"],
  lookAt: "Whose is the layer, and what is in it? aws lambda get-layer-version-by-arn shows its package.",
  detect(change, baseline, context) {
    const { event } = change;
    const { entity } = context;
    if (!isOfFunction(entity) || event.service !== "lambda" || event.action !== "UpdateFunctionConfiguration")
      return "normal";
    const verdicts = layersOf(event).map((arn): Verdict => {
      const account = arn.split(":")[4];
      const isForeign = account !== entity.accountId;
      const layer = arn.split(":")[6] ?? arn;
      return unusualChange(
        change,
        {
          deviation: `layer ${arn.split(":").slice(0, 7).join(":")}`,
          base: isForeign ? FOREIGN : OWN,
          what: `Layer ${layer}${isForeign ? ` of the foreign account ${account}` : ""} on ${entityName(entity)}`,
          detail: `layer ${arn.split(":").slice(6).join(":")} of account ${account}`,
        },
        baseline,
        context,
      );
    });
    const sightings = verdicts.filter((verdict): verdict is Sighting => typeof verdict === "object");
    return sightings.length > 0 ? sightings : verdicts.includes("learning") ? "learning" : "normal";
  },
};

/** AWS allows five. */
const MOST_LAYERS = 10;

/** ARNs of the layers that a change sets: as they were asked for, or as they were answered. */
function layersOf({ request, response }: TrailEvent): string[] {
  const asked = listOf(request.layers, MOST_LAYERS);
  const layers =
    asked.length > 0 ? asked : Object.hasOwn(request, "layers") ? listOf(response.layers, MOST_LAYERS) : [];
  const arns = layers.map((layer) =>
    typeof layer === "string" ? textAt({ layer }, "layer", 300) : textAt(fieldsOf(layer), "arn", 300),
  );
  return [
    ...new Set(arns.filter((arn) => arn !== null && /^arn:[\w-]+:lambda:[\w-]*:\d{12}:layer:/.test(arn))),
  ] as string[];
}

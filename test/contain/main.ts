/**
 * Containment against AWS's own semantics, as moto's server has them: `npm run test:contain`. Ends with 0 if every sentence
 * is true, 1 if not, and 77 where moto cannot be had, so that nothing was tested.
 */
import { NotHere } from "../deploy/install";
import { CannotGoOn, sentences } from "../deploy/sentences";
import { blocking } from "./blocking";
import { callers } from "./callers";
import { killed } from "./killed";
import { type Moto, startMoto } from "./moto";
import { stopping } from "./stopping";

const SKIPPED = 77;
// The exact versions that are installed do run on Node 20.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

async function main(): Promise<number> {
  let moto: Moto;
  try {
    moto = await startMoto();
  } catch (error) {
    if (!(error instanceof NotHere)) throw error;
    console.log(`SKIPPED: containment was not tested against AWS's semantics. ${error.message}`);
    return SKIPPED;
  }
  const told = sentences(console.log);
  try {
    for (const story of [blocking, callers, stopping, killed]) await story(told, moto.url);
  } catch (error) {
    if (!(error instanceof CannotGoOn)) throw error;
  } finally {
    await moto.stop();
  }
  console.log(`${told.passed} sentences are true, ${told.failed} are not`);
  return told.failed === 0 ? 0 : 1;
}

main().then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);

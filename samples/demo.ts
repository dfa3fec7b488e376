/** `npm start`: makes the sample and replays it. */
import { join } from "node:path";
import { main } from "../cli/main";
import { generateSample } from "./generate";

const DIR = "sample-telemetry";

async function demo(): Promise<number> {
  process.stderr.write("Making fifteen days of telemetry of a small account ...\n");
  const objects = await generateSample(join(process.cwd(), DIR));
  process.stderr.write(`${objects} objects in ${DIR}/. Replaying them: plumbline replay ${DIR}\n`);
  const status = await main(["replay", DIR, ...process.argv.slice(2)]);
  process.stderr.write(
    `\nNext: npx plumbline replay ${DIR} --report report.html makes a page of it; README.md says how to replay your own past.\n`,
  );
  return status;
}

demo().then(
  (status) => {
    process.exitCode = status;
  },
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);

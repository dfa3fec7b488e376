/** `npm run bench:writes`: only what a quiet day reads and writes, which `npm run bench` prints as well. */
import { printQuietDay } from "./quiet-day";

printQuietDay().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

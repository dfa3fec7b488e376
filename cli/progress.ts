/** Progress on stderr: a bar on a terminal, else a plain line every ten seconds. */
import { SingleBar } from "cli-progress";

export interface Progress {
  step(done: number): void;
  stop(): void;
}

const SECONDS_BETWEEN_LINES = 10;

export function progress(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  if (!stream.isTTY) return plainProgress(total, stream);
  const bar = new SingleBar({
    format: "{bar} {value}/{total} objects, {eta_formatted} left",
    stream,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(total, 0);
  return { step: (done) => bar.update(done), stop: () => bar.stop() };
}

function plainProgress(total: number, stream: NodeJS.WritableStream): Progress {
  let last = performance.now();
  return {
    step(done) {
      if (performance.now() - last < SECONDS_BETWEEN_LINES * 1000) return;
      last = performance.now();
      stream.write(`${done} of ${total} objects\n`);
    },
    stop() {},
  };
}

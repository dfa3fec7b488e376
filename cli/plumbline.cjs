#!/usr/bin/env node
// The command as npm installs it: TypeScript is compiled as it is loaded, so there is nothing to build.
require("tsx/cjs");
// A reader that has read enough (`plumbline ... | head`) is no error.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
});
require("./main.ts")
  .main(process.argv.slice(2))
  .then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      console.error(error);
      process.exitCode = 1;
    },
  );

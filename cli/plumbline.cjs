#!/usr/bin/env node
// The command as npm installs it: TypeScript is compiled as it is loaded, so there is nothing to build.
require("tsx/cjs");
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

declare module "dynalite" {
  import type { Server } from "node:http";

  interface Options {
    /** Folder to keep the tables in; in memory without it. */
    path?: string;
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
  }
  function dynalite(options?: Options): Server;
  export = dynalite;
}

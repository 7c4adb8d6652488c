/** The commands that are run all the time, in a part of the tool of their own: they wait for no more than they need. */
export { checkCommand } from "../commands/check.ts";
export { compileCommand } from "../commands/compile.ts";

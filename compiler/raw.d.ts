/** A file imported as its text: `import text from "./file.js?raw"`. */
declare module "*?raw" {
  const text: string;
  export default text;
}

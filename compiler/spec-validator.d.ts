/** The validator that `scripts/build.ts` compiles from `schema/landform.json`. */
declare module "#spec-validator" {
  import type { ErrorObject, ValidateFunction } from "ajv";

  const validate: ValidateFunction & { errors?: ErrorObject[] | null };
  export default validate;
}

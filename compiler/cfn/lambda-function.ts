/** What cloudform's type of `AWS::Lambda::Function` lacks, in its form: where logs go. */
import type { Value } from "cloudform-types/types/dataTypes.js";
import type { FunctionProperties } from "cloudform-types/types/lambda/function.js";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
export interface LambdaFunctionProperties extends FunctionProperties {
  LoggingConfig?: {
    ApplicationLogLevel?: Value<string>;
    LogFormat?: Value<string>;
    LogGroup?: Value<string>;
    SystemLogLevel?: Value<string>;
  };
}

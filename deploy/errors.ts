/** What AWS answers when it does not do what was asked, in words that say what is missing. */

/** Deploying can't go on, for a reason the caller can do something about. */
export class DeployError extends Error {
  override readonly name = "DeployError";
}

/** Waiting ended because the caller said so. What runs in AWS goes on. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** An error as the SDK throws it. */
interface AwsError extends Error {
  readonly code?: string;
  readonly hostname?: string;
  readonly $fault?: "client" | "server";
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

const isAwsError = (error: unknown): error is AwsError => error instanceof Error;

/** Whether AWS answered with one of these error codes. CloudFormation's names come with and without `Exception`. */
export function isAnswer(error: unknown, ...codes: readonly string[]): boolean {
  return isAwsError(error) && codes.includes(error.name.replace(/Exception$/, ""));
}

const EXPIRED = ["ExpiredToken", "RequestExpired", "TokenRefreshRequired", "SSOTokenProviderFailure"];
const UNKNOWN = [
  "InvalidClientTokenId",
  "UnrecognizedClient",
  "SignatureDoesNotMatch",
  "InvalidAccessKeyId",
  "AuthFailure",
  "InvalidSignature",
  "IncompleteSignature",
];
const DENIED = ["AccessDenied", "UnauthorizedOperation", "Forbidden", "NotAuthorized"];
const UNREACHABLE = [
  "ENOTFOUND",
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EPIPE",
];

const CREDENTIALS = /^(CredentialsProvider|Token[A-Za-z]*Provider)/;

/** Whether the caller may not do, or not see, what was asked. */
export const isDenied = (error: unknown): boolean => isAnswer(error, ...DENIED);

/** Whether it is the caller's credentials or network that fail, which would fail everywhere. */
export const isAboutCaller = (error: unknown): boolean =>
  isAnswer(error, ...EXPIRED, ...UNKNOWN) ||
  (isAwsError(error) && (CREDENTIALS.test(error.name) || UNREACHABLE.includes(error.code ?? "")));

/**
 * What is missing, in one line; undefined where the error is none of AWS's and so a bug of ours.
 *
 * The codes are those of https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
export function explain(error: unknown): string | undefined {
  if (!isAwsError(error)) return undefined;
  if (error instanceof DeployError) return error.message;
  if (CREDENTIALS.test(error.name)) return explainCredentials(error);
  if (isAnswer(error, ...EXPIRED)) return "the AWS credentials have expired: log in again";
  if (isAnswer(error, ...UNKNOWN))
    return `AWS does not accept these credentials: ${firstLine(error.message)}`;
  if (isDenied(error)) return `AWS does not allow it: ${firstLine(error.message)}`;
  if (isAnswer(error, "NoSuchBucket"))
    return "there is no artifact bucket yet: run `landform bootstrap` first";
  if (UNREACHABLE.includes(error.code ?? "") || error.name === "TimeoutError")
    return `AWS can't be reached${error.hostname ? ` at ${error.hostname}` : ""} (${firstLine(error.message || (error.code ?? ""))}): check the network`;
  if (/parse error|deserialization/i.test(error.message))
    return "what answers there is not AWS: check the address";
  if (error.$metadata) {
    const tried = (error.$metadata.attempts ?? 1) > 1 ? `, ${error.$metadata.attempts} times` : "";
    return `AWS answered ${error.name}${tried}: ${firstLine(error.message)}`;
  }
  return undefined;
}

function explainCredentials(error: AwsError): string {
  if (/expired|refresh|sso/i.test(error.message))
    return `there are no valid AWS credentials: ${firstLine(error.message)}`;
  if (/profile/i.test(error.message)) return firstLine(error.message);
  return "there are no AWS credentials: log in (`aws sso login`), set AWS_PROFILE, or name a profile with --profile";
}

const firstLine = (text: string): string => (text.split("\n")[0] as string).trim().replace(/\.$/, "");

/** The password of the user that owns a database, and the secret that has it. */
import type { PropertiesOf } from "../../../cfn/resources.ts";
import { type Reference, sub } from "../../../cfn/values.ts";
import { type Handle, part } from "../../../stack.ts";
import type { StoreContext } from "../index.ts";

type Database = Handle<"AWS::RDS::DBInstance">;

/** The user that owns the database. */
export const MASTER_USER = "administrator";

export interface Password {
  /** By which the database comes to it. */
  readonly properties: Pick<
    PropertiesOf<"AWS::RDS::DBInstance">,
    "ManageMasterUserPassword" | "MasterUserSecret" | "MasterUserPassword"
  >;
  /** The ARN of the secret, whose JSON has `username` and `password`. */
  secretArnOf(database: Database): Reference;
}

/**
 * RDS manages the password and rotates it, but makes no replica of a PostgreSQL database whose password it manages:
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html#rds-secrets-manager-limitations
 */
export const addPassword = (context: StoreContext, keyArn: Reference): Password =>
  context.settings.replicas > 0
    ? addOwnPassword(context, keyArn)
    : {
        properties: { ManageMasterUserPassword: true, MasterUserSecret: { KmsKeyId: keyArn } },
        secretArnOf: (database) => database.att("MasterUserSecret.SecretArn"),
      };

/** Secrets Manager makes the password, CloudFormation hands it on, and nobody sees it; to rotate it takes a Lambda. */
function addOwnPassword({ stack, store, path, tags }: StoreContext, keyArn: Reference): Password {
  const secret = stack.add(
    "AWS::SecretsManager::Secret",
    "Secret",
    {
      Description: `User and password of the store ${store}`,
      KmsKeyId: keyArn,
      // A change here makes another password, which the database is not told.
      GenerateSecretString: {
        SecretStringTemplate: JSON.stringify({ username: MASTER_USER }),
        GenerateStringKey: "password",
        PasswordLength: 40,
        ExcludePunctuation: true,
      },
      Tags: tags,
    },
    { retain: true, part: part("Replica1", true), from: [...path, "replicas"] },
  );
  return {
    properties: {
      ManageMasterUserPassword: false,
      MasterUserPassword: sub`{{resolve:secretsmanager:${secret.ref}:SecretString:password}}`,
    },
    secretArnOf: () => secret.ref,
  };
}

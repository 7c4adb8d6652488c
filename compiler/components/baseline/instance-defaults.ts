/** What EC2 does in a Region where nobody says otherwise: volumes, instance metadata, images, serial consoles. */
import type { PlainObject, Value } from "../../cfn/values.ts";
import { type ConcreteStack, Stack } from "../../stack.ts";
import { addRunbook, DAILY } from "../runbook.ts";
import { baselinePath } from "./settings.ts";

/** In a stack set of its own, since not every account needs it: the organization's policies say the same. */
export function buildInstanceDefaults(name: string): ConcreteStack {
  const stack = new Stack(
    name,
    "baseline-instances",
    "What EC2 does where nobody says otherwise",
    baselinePath,
  );
  const document = stack.add("AWS::SSM::Document", "InstanceDefaults", {
    DocumentType: "Automation",
    DocumentFormat: "JSON",
    Content: CONTENT,
  });
  addRunbook(stack, {
    id: "InstanceDefaultsAssociation",
    roleId: "InstanceDefaultsRole",
    about: "instances",
    title: "set-instance-defaults",
    description: "Lets Systems Manager set what EC2 does where nobody says otherwise",
    document: document.ref,
    statements: [
      {
        // These actions know no resource.
        Sid: "SetDefaults",
        Effect: "Allow",
        Action: [
          "ec2:DisableSerialConsoleAccess",
          "ec2:EnableImageBlockPublicAccess",
          "ec2:ModifyInstanceMetadataDefaults",
        ],
        Resource: "*",
      },
    ],
    schedule: DAILY,
  });
  return stack.build();
}

/**
 * With the key of AWS's that it rotates every year: for one of ours every role that makes volumes, those of AWS's services
 * too, would need rights to it.
 *
 * https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-aws-enable-ebs-encryption.html
 */
export function encryptVolumes(stack: Stack): void {
  addRunbook(stack, {
    id: "VolumeEncryption",
    roleId: "VolumeEncryptionRole",
    about: "volumes",
    title: "encrypt-volumes",
    description: "Lets Systems Manager have EC2 encrypt every volume",
    document: "AWSConfigRemediation-EnableEbsEncryptionByDefault",
    statements: [
      {
        // These actions know no resource.
        Sid: "EncryptVolumes",
        Effect: "Allow",
        Action: ["ec2:EnableEbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault"],
        Resource: "*",
      },
    ],
    schedule: DAILY,
  });
}

/** One call of EC2's; what fails keeps no other from being made. */
const call = (name: string, Api: string, inputs: { readonly [name: string]: Value } = {}): PlainObject => ({
  name,
  action: "aws:executeAwsApi",
  onFailure: "Continue",
  inputs: { Service: "ec2", Api, ...inputs },
});

/**
 * AWS has no runbook for these: each is one call.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-IMDS-new-instances.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html,
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html
 */
const CONTENT: PlainObject = {
  schemaVersion: "0.3",
  description: "Sets what EC2 does in this Region where nobody says otherwise",
  assumeRole: "{{ AutomationAssumeRole }}",
  parameters: {
    AutomationAssumeRole: { type: "AWS::IAM::Role::Arn", description: "The role that makes the calls" },
  },
  mainSteps: [
    call("DemandMetadataTokens", "ModifyInstanceMetadataDefaults", { HttpTokens: "required" }),
    call("BlockPublicImages", "EnableImageBlockPublicAccess", {
      ImageBlockPublicAccessState: "block-new-sharing",
    }),
    call("CloseSerialConsoles", "DisableSerialConsoleAccess"),
  ],
};

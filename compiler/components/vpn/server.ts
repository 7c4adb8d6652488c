/** The VPN's server: one instance, in whose place another comes when it does not serve. */
import type { UpdatePolicy } from "../../cfn/update-policy.ts";
import { Import, PublicParameter, type Published } from "../../cfn/values.ts";
import { type Processor, processorOf } from "../../instance-type.ts";
import type { Handle, Stack } from "../../stack.ts";
import { vpnNetworkOutputs } from "../connectivity/outputs.ts";
import { upkeepTag } from "../instances/upkeep.ts";
import { networkOutputs } from "../network/index.ts";
import { addRole, type Surroundings } from "./role.ts";
import { groupName, TAGS } from "./settings.ts";
import { type UserDataOptions, userData } from "./user-data.ts";

export interface ServerOptions extends UserDataOptions {
  readonly instanceType: string;
}

const image = (logicalId: string, architecture: string, of: string): Published => ({
  logicalId,
  name: `/aws/service/canonical/ubuntu/server/24.04/stable/current/${architecture}/hvm/ebs-gp3/ami-id`,
  type: "AWS::EC2::Image::Id",
  description: `The current image of Ubuntu 24.04 on ${of}`,
});

/**
 * OpenVPN and easy-rsa are in Ubuntu's archive, and not in that of Amazon Linux.
 *
 * https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
 */
const IMAGES: Readonly<Record<Processor, Published>> = {
  arm64: image("ArmImage", "arm64", "Arm"),
  x86_64: image("X86Image", "amd64", "x86"),
};

/** @returns the role of the server */
export function addServer(
  stack: Stack,
  options: ServerOptions,
  around: Surroundings,
): Handle<"AWS::IAM::Role"> {
  const role = addRole(stack, options.name, around);
  const profile = stack.add("AWS::IAM::InstanceProfile", "InstanceProfile", { Roles: [role.ref] });
  const template = stack.add("AWS::EC2::LaunchTemplate", "ServerLaunchTemplate", {
    LaunchTemplateData: {
      ImageId: new PublicParameter(IMAGES[processorOf(options.instanceType)]),
      InstanceType: options.instanceType,
      IamInstanceProfile: { Arn: profile.att("Arn") },
      // Until it has taken its own address it needs one to get at packages and at AWS.
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          AssociatePublicIpAddress: true,
          Groups: [addSecurityGroup(stack, options.reaches).att("GroupId")],
        },
      ],
      MetadataOptions: { HttpEndpoint: "enabled", HttpTokens: "required", HttpPutResponseHopLimit: 1 },
      BlockDeviceMappings: [
        {
          DeviceName: "/dev/sda1",
          Ebs: { VolumeType: "gp3", VolumeSize: 8, Encrypted: true, DeleteOnTermination: true },
        },
      ],
      UserData: userData(options, around),
      TagSpecifications: ["instance", "network-interface", "volume"].map((ResourceType) => ({
        ResourceType,
        Tags: [...TAGS, upkeepTag(options.name, "patched")],
      })),
    },
  });
  stack.add(
    "AWS::AutoScaling::AutoScalingGroup",
    "AutoScalingGroup",
    {
      AutoScalingGroupName: groupName(options.name),
      LaunchTemplate: { LaunchTemplateId: template.ref, Version: template.att("LatestVersionNumber") },
      VPCZoneIdentifier: new Import(vpnNetworkOutputs.subnetIds),
      MinSize: "1",
      MaxSize: "1",
      // What the server says of itself counts only after that.
      HealthCheckGracePeriod: 600,
    },
    { updatePolicy: replacement },
  );
  return role;
}

/** One address, one server: the old one goes first, and the new one says by a signal when it serves. */
const replacement: UpdatePolicy = {
  AutoScalingRollingUpdate: {
    MinInstancesInService: 0,
    MaxBatchSize: 1,
    WaitOnResourceSignals: true,
    PauseTime: "PT15M",
    // Or another would be started while one is replaced: https://repost.aws/knowledge-center/auto-scaling-group-rolling-updates
    SuspendProcesses: [
      "AZRebalance",
      "AlarmNotification",
      "HealthCheck",
      "ReplaceUnhealthy",
      "ScheduledActions",
    ],
  },
};

function addSecurityGroup(stack: Stack, reaches: readonly string[]): Handle<"AWS::EC2::SecurityGroup"> {
  const tcp = (port: number, Description: string) => ({
    Description,
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    CidrIp: "0.0.0.0/0",
  });
  return stack.add("AWS::EC2::SecurityGroup", "ServerSecurityGroup", {
    GroupDescription: "The server of the VPN",
    VpcId: new Import(networkOutputs.vpcId),
    SecurityGroupIngress: [
      { Description: "OpenVPN", IpProtocol: "udp", FromPort: 1194, ToPort: 1194, CidrIp: "0.0.0.0/0" },
    ],
    SecurityGroupEgress: [
      // Packages are signed, whichever way they come.
      tcp(80, "Ubuntu's archive"),
      tcp(443, "AWS"),
      ...reaches.map((CidrIp) => ({ Description: "What clients get to", IpProtocol: "-1", CidrIp })),
    ],
    Tags: TAGS,
  });
}

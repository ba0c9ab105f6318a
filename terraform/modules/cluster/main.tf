# The ECS cluster, and what its tasks run on. Instances of one's own are in instances.tf.

locals {
  ec2 = var.capacity == "EC2"
  # A provider of one's own is known by its name; Fargate's two are there in every cluster.
  capacity_provider = local.ec2 ? one(aws_ecs_capacity_provider.instances[*].name) : var.capacity
}

resource "aws_ecs_cluster" "this" {
  #checkov:skip=CKV_AWS_65:A switch, on in production: CloudWatch bills every metric of every task
  #checkov:skip=CKV_AWS_224:A key for the session itself would need a KMS endpoint in the VPC; the session is TLS, and its log is encrypted
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.container_insights
  }

  configuration {
    # What somebody types into a container is written down, whoever they are.
    execute_command_configuration {
      logging = "OVERRIDE"

      log_configuration {
        cloud_watch_encryption_enabled = true
        cloud_watch_log_group_name     = aws_cloudwatch_log_group.exec.name
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "exec" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is a setting, a month by default
  name              = "/${var.name}/exec"
  retention_in_days = var.log_days
  kms_key_id        = var.log_key_arn
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = local.ec2 ? [local.capacity_provider] : ["FARGATE", "FARGATE_SPOT"]

  default_capacity_provider_strategy {
    capacity_provider = local.capacity_provider
    weight            = 1
  }
}

# With this role ECS moves the weights of a listener rule and puts tasks into target groups while a canary is under way.
# The policy is AWS's own, as ECS learns to do more in it from time to time.
data "aws_partition" "this" {}

data "aws_iam_policy_document" "ecs_takes_it_on" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "traffic" {
  name               = "${var.name}-traffic"
  description        = "ECS moves the load balancer's traffic during a canary"
  assume_role_policy = data.aws_iam_policy_document.ecs_takes_it_on.json
}

resource "aws_iam_role_policy_attachment" "traffic" {
  role       = aws_iam_role.traffic.name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}

# Instances of one's own, with capacity EC2. Their agent reaches ECS through the endpoints that the network module makes
# with `container_instances`.

locals {
  image = var.cpu_architecture == "ARM64" ? "arm64/recommended" : "recommended"
}

data "aws_iam_policy_document" "ec2_takes_it_on" {
  count = local.ec2 ? 1 : 0

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instance" {
  count = local.ec2 ? 1 : 0

  name               = "${var.name}-instance"
  description        = "The ECS agent of the container instances"
  assume_role_policy = data.aws_iam_policy_document.ec2_takes_it_on[0].json
}

resource "aws_iam_role_policy_attachment" "instance" {
  count = local.ec2 ? 1 : 0

  role       = aws_iam_role.instance[0].name
  policy_arn = "arn:${data.aws_partition.this.partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instance" {
  count = local.ec2 ? 1 : 0

  name = "${var.name}-instance"
  role = aws_iam_role.instance[0].name
}

# Without trunks an instance carries as many tasks as it has spare network interfaces, which is two or three. It is a
# setting of the account in this region, and harms nobody else: instances that run already stay as they are.
resource "aws_ecs_account_setting_default" "trunks" {
  count = local.ec2 ? 1 : 0

  name  = "awsvpcTrunking"
  value = "enabled"
}

resource "aws_launch_template" "instance" {
  count = local.ec2 ? 1 : 0

  name                   = "${var.name}-instance"
  description            = "Container instances of ${var.name}"
  image_id               = "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/${local.image}/image_id"
  instance_type          = var.instance_type
  update_default_version = true

  user_data = base64encode(<<-CONFIGURATION
    #!/bin/sh
    cat > /etc/ecs/ecs.config <<'SETTINGS'
    ECS_CLUSTER=${aws_ecs_cluster.this.name}
    ECS_AWSVPC_BLOCK_IMDS=true
    ECS_ENABLE_SPOT_INSTANCE_DRAINING=true
    ECS_CONTAINER_STOP_TIMEOUT=30s
    SETTINGS
    CONFIGURATION
  )

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance[0].arn
  }

  network_interfaces {
    associate_public_ip_address = false
    security_groups             = compact([var.instance_security_group_id])
  }

  # Only with a session token, and no further than the instance itself: no container reads the instance's role.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      encrypted   = true
      volume_type = "gp3"
      volume_size = 30
    }
  }

  monitoring {
    enabled = true
  }

  depends_on = [aws_ecs_account_setting_default.trunks]
}

resource "aws_autoscaling_group" "instances" {
  count = local.ec2 ? 1 : 0

  name                  = "${var.name}-instances"
  vpc_zone_identifier   = var.subnet_ids
  min_size              = 1
  max_size              = var.max_instances
  protect_from_scale_in = true

  launch_template {
    id      = aws_launch_template.instance[0].id
    version = aws_launch_template.instance[0].latest_version
  }

  # Without this tag ECS adds it itself, and every plan would take it away again.
  tag {
    key                 = "AmazonECSManaged"
    value               = "true"
    propagate_at_launch = true
  }

  tag {
    key                 = "Name"
    value               = "${var.name}-instance"
    propagate_at_launch = true
  }

  lifecycle {
    # The capacity provider decides how many there are.
    ignore_changes = [desired_capacity]
  }
}

resource "aws_ecs_capacity_provider" "instances" {
  count = local.ec2 ? 1 : 0

  name = "${var.name}-instances"

  auto_scaling_group_provider {
    auto_scaling_group_arn         = aws_autoscaling_group.instances[0].arn
    managed_termination_protection = "ENABLED"
    managed_draining               = "ENABLED"

    managed_scaling {
      status          = "ENABLED"
      target_capacity = 100
    }
  }
}

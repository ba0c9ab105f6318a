# The target groups, and the two ECS services.

locals {
  # One of the two has the traffic, the other gets the next version.
  colours = toset(["blue", "green"])
}

resource "aws_lb_target_group" "serve" {
  #checkov:skip=CKV_AWS_378:Between load balancer and task the traffic stays inside the VPC, from one security group to another
  for_each = local.colours

  name                 = "${local.full_name}-${each.key}"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  port                 = var.ports.public
  protocol             = "HTTP"
  deregistration_delay = 30

  # Whether the process lives. With /readyz a database that is away would have every task killed.
  health_check {
    path                = "/livez"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_target_group" "internal" {
  #checkov:skip=CKV_AWS_378:Between load balancer and task the traffic stays inside the VPC, from one security group to another
  count = var.internal_target ? 1 : 0

  name                 = "${local.full_name}-work"
  vpc_id               = var.vpc_id
  target_type          = "ip"
  port                 = var.ports.internal
  protocol             = "HTTP"
  deregistration_delay = 30

  health_check {
    path                = "/livez"
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_ecs_service" "serve" {
  count = var.image == null ? 0 : 1

  name                              = "${local.full_name}-serve"
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.serve[0].arn
  desired_count                     = var.serve.min
  health_check_grace_period_seconds = 60
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE"
  enable_execute_command            = var.exec != null

  capacity_provider_strategy {
    capacity_provider = var.cluster.capacity_provider
    weight            = 1
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = var.security_group_ids
    assign_public_ip = false
  }

  load_balancer {
    container_name   = "onus"
    container_port   = var.ports.public
    target_group_arn = aws_lb_target_group.serve["blue"].arn

    advanced_configuration {
      alternate_target_group_arn = aws_lb_target_group.serve["green"].arn
      production_listener_rule   = var.public_rule_arn
      role_arn                   = var.cluster.traffic_role_arn
    }
  }

  deployment_controller {
    type = "ECS"
  }

  deployment_configuration {
    strategy             = "CANARY"
    bake_time_in_minutes = var.canary.bake_minutes

    canary_configuration {
      canary_percent              = var.canary.percent
      canary_bake_time_in_minutes = var.canary.minutes
    }

    dynamic "lifecycle_hook" {
      for_each = var.canary.pause ? ["wait for a person"] : []

      content {
        target_type      = "PAUSE"
        lifecycle_stages = [local.pause_stage]

        timeout_configuration {
          timeout_in_minutes = var.canary.pause_minutes
          action             = "ROLLBACK"
        }
      }
    }
  }

  # AWS's pages disagree whether the circuit breaker works with a canary. These alarms do.
  alarms {
    enable      = true
    rollback    = true
    alarm_names = [for alarm in local.canary_alarms : alarm.alarm_name]
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  # A task that starts before its role may do anything fails for no reason.
  depends_on = [aws_iam_role_policy.execution, aws_iam_role_policy.task]
}

locals {
  # The new tasks are up and healthy.
  pause_stage = "PRE_PRODUCTION_TRAFFIC_SHIFT"
}

resource "aws_ecs_service" "work" {
  count = var.image == null ? 0 : 1

  name                               = "${local.full_name}-work"
  cluster                            = var.cluster.arn
  task_definition                    = aws_ecs_task_definition.work[0].arn
  desired_count                      = var.work.min
  health_check_grace_period_seconds  = var.internal_target ? 60 : null
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  enable_ecs_managed_tags            = true
  propagate_tags                     = "SERVICE"
  enable_execute_command             = var.exec != null

  capacity_provider_strategy {
    capacity_provider = var.cluster.capacity_provider
    weight            = 1
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = var.security_group_ids
    assign_public_ip = false
  }

  dynamic "load_balancer" {
    for_each = aws_lb_target_group.internal

    content {
      container_name   = "onus"
      container_port   = var.ports.internal
      target_group_arn = load_balancer.value.arn
    }
  }

  deployment_controller {
    type = "ECS"
  }

  # Nobody sends requests here from outside, so there is nothing to split: tasks are replaced one by one.
  deployment_configuration {
    strategy = "ROLLING"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle {
    ignore_changes = [desired_count]
  }

  # ECS refuses a target group that no listener leads to.
  depends_on = [var.internal_rule_arn, aws_iam_role_policy.execution, aws_iam_role_policy.task]
}

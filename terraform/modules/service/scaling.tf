# How many tasks there are. ECS keeps the number; Terraform only says the bounds.

locals {
  kinds_that_scale = var.image == null ? {} : { serve = var.serve, work = var.work }

  # Requests reach the blue or the green tasks, and both during a canary: AWS's own metric for requests per target knows
  # only one of the two groups.
  target_groups = { for colour, group in aws_lb_target_group.serve : colour => group.arn_suffix }
}

resource "aws_appautoscaling_target" "this" {
  for_each = local.kinds_that_scale

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster.name}/${each.key == "serve" ? aws_ecs_service.serve[0].name : aws_ecs_service.work[0].name}"
  min_capacity       = each.value.min
  max_capacity       = each.value.max
}

resource "aws_appautoscaling_policy" "cpu" {
  for_each = local.kinds_that_scale

  name               = "${local.full_name}-${each.key}-cpu"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[each.key].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[each.key].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[each.key].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.cpu_percent
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_appautoscaling_policy" "requests" {
  count = var.image == null ? 0 : 1

  name               = "${local.full_name}-serve-requests"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this["serve"].service_namespace
  scalable_dimension = aws_appautoscaling_target.this["serve"].scalable_dimension
  resource_id        = aws_appautoscaling_target.this["serve"].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.serve.requests
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    customized_metric_specification {
      metrics {
        id          = "each_task"
        label       = "Requests a minute and task"
        expression  = "IF(tasks > 0, requests / tasks, 0)"
        return_data = true
      }

      metrics {
        id          = "requests"
        expression  = "FILL(blue_requests, 0) + FILL(green_requests, 0)"
        return_data = false
      }

      metrics {
        id          = "tasks"
        expression  = "FILL(blue_tasks, 0) + FILL(green_tasks, 0)"
        return_data = false
      }

      dynamic "metrics" {
        for_each = local.target_groups

        content {
          id          = "${metrics.key}_requests"
          return_data = false

          metric_stat {
            stat = "Sum"

            metric {
              namespace   = "AWS/ApplicationELB"
              metric_name = "RequestCount"

              dimensions {
                name  = "LoadBalancer"
                value = var.load_balancer
              }
              dimensions {
                name  = "TargetGroup"
                value = metrics.value
              }
            }
          }
        }
      }

      dynamic "metrics" {
        for_each = local.target_groups

        content {
          id          = "${metrics.key}_tasks"
          return_data = false

          metric_stat {
            stat = "Average"

            metric {
              namespace   = "AWS/ApplicationELB"
              metric_name = "HealthyHostCount"

              dimensions {
                name  = "LoadBalancer"
                value = var.load_balancer
              }
              dimensions {
                name  = "TargetGroup"
                value = metrics.value
              }
            }
          }
        }
      }
    }
  }
}

resource "aws_appautoscaling_policy" "queue" {
  count = var.image == null || var.receives_from == null ? 0 : 1

  name               = "${local.full_name}-work-queue"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this["work"].service_namespace
  scalable_dimension = aws_appautoscaling_target.this["work"].scalable_dimension
  resource_id        = aws_appautoscaling_target.this["work"].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = var.work.queue_age
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    customized_metric_specification {
      namespace   = "AWS/SQS"
      metric_name = "ApproximateAgeOfOldestMessage"
      statistic   = "Maximum"

      dimensions {
        name  = "QueueName"
        value = var.receives_from.name
      }
    }
  }
}

# The load balancer inside the VPC: one listener for each service, since a canary moves the weights of exactly one rule
# and the paths of a service do not all fit into one rule beside the others'. API Gateway knows which route is whose.

locals {
  tls    = var.domain != ""
  scheme = local.tls ? "https" : "http"
  host   = local.tls ? "internal.${var.domain}" : aws_lb.this.dns_name

  # The load balancer may not call this application/problem+json; the body is what the services say.
  nothing_here = jsonencode({ type = "/problems/not_found", title = "There is nothing here", status = 404, code = "not_found" })
}

resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_150:A switch; on by default and in production, off where environments come and go
  #checkov:skip=CKV2_AWS_20:A redirect is for browsers; nothing but API Gateway and the services reaches this
  #checkov:skip=CKV2_AWS_28:Requests pass CloudFront, where the firewall is, and API Gateway
  name                       = var.name
  internal                   = true
  load_balancer_type         = "application"
  security_groups            = [var.security_groups.load_balancer]
  subnets                    = var.subnet_ids
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"
  xff_header_processing_mode = "append"
  # Longer than a long poll, shorter than the services keep a connection.
  idle_timeout               = 60
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = aws_s3_bucket.logs.bucket
    enabled = true
  }

  depends_on = [aws_s3_bucket_policy.logs]
}

resource "aws_lb_listener" "service" {
  #checkov:skip=CKV_AWS_2:Without a domain there is no certificate; the traffic stays inside the VPC
  #checkov:skip=CKV_AWS_103:As above; with a domain it is TLS 1.2 and later
  for_each = var.services

  load_balancer_arn = aws_lb.this.arn
  port              = each.value.port
  protocol          = upper(local.scheme)
  certificate_arn   = local.tls ? aws_acm_certificate_validation.this["internal"].certificate_arn : null
  ssl_policy        = local.tls ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null

  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "application/json"
      message_body = local.nothing_here
    }
  }
}

resource "aws_lb_listener_rule" "service" {
  for_each = var.services

  listener_arn = aws_lb_listener.service[each.key].arn
  priority     = 1

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = each.value.blue
        weight = 100
      }
      target_group {
        arn    = each.value.green
        weight = 0
      }
    }
  }

  lifecycle {
    # ECS moves the weights.
    ignore_changes = [action]
  }
}

# Internal routes have listeners of their own, which only the services' security group reaches.
resource "aws_lb_listener" "internal" {
  #checkov:skip=CKV_AWS_2:Without a domain there is no certificate; the traffic stays inside the VPC
  #checkov:skip=CKV_AWS_103:As above; with a domain it is TLS 1.2 and later
  for_each = var.internal_services

  load_balancer_arn = aws_lb.this.arn
  port              = each.value.port
  protocol          = upper(local.scheme)
  certificate_arn   = local.tls ? aws_acm_certificate_validation.this["internal"].certificate_arn : null
  ssl_policy        = local.tls ? "ELBSecurityPolicy-TLS13-1-2-2021-06" : null

  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "application/json"
      message_body = local.nothing_here
    }
  }
}

resource "aws_lb_listener_rule" "internal" {
  for_each = var.internal_services

  listener_arn = aws_lb_listener.internal[each.key].arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/internal/*"]
    }
  }

  action {
    type             = "forward"
    target_group_arn = each.value.target_group
  }
}

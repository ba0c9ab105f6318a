# The three task definitions: serve, work, and the one-off task that migrates.
#
# A pipeline registers revisions that differ in the image only. With `track_latest` Terraform takes the newest revision
# for its own, so that both agree as soon as the release's parameter names the same image. Old revisions stay, because
# a canary that fails goes back to one.

locals {
  unreleased = "${var.repository.url}:unreleased"
  full_name  = "${var.name}-${var.service}"

  kinds = {
    serve = {
      command = ["serve"]
      ports   = [var.ports.public, var.ports.internal]
    }
    work = {
      command = ["work"]
      ports   = [var.ports.internal]
    }
    migrate = {
      command = ["migrate"]
      ports   = []
    }
  }

  environment = {
    serve   = var.environment
    work    = var.environment
    migrate = merge(var.environment, var.migration.environment)
  }

  secrets = {
    serve   = var.secrets
    work    = var.secrets
    migrate = merge(var.secrets, var.migration.secrets)
  }

  containers = { for kind, what in local.kinds : kind => merge(
    {
      name                   = "onus"
      image                  = coalesce(var.image, local.unreleased)
      essential              = true
      command                = what.command
      user                   = "65532:65532"
      privileged             = false
      readonlyRootFilesystem = var.exec == null
      stopTimeout            = 30
      environment            = [for key in sort(keys(local.environment[kind])) : { name = key, value = local.environment[kind][key] }]
      secrets                = [for key in sort(keys(local.secrets[kind])) : { name = key, valueFrom = local.secrets[kind][key] }]
      portMappings           = [for port in what.ports : { containerPort = port, hostPort = port, protocol = "tcp" }]
      linuxParameters = {
        # ECS Exec leaves processes behind; somebody has to collect them.
        initProcessEnabled = var.exec != null
        capabilities       = { add = [], drop = ["ALL"] }
      }
      logConfiguration = {
        logDriver = "awslogs"
        options   = merge(local.log_options, { awslogs-stream-prefix = kind })
      }
    },
    # A one-off task is watched by its exit code.
    kind == "migrate" ? {} : {
      healthCheck = {
        command     = ["CMD", "/usr/local/bin/service", "healthcheck"]
        interval    = 10
        timeout     = 5
        retries     = 3
        startPeriod = 30
      }
    },
  ) }

  log_options = {
    awslogs-group  = var.log_group.name
    awslogs-region = var.region
    # A log service that stalls must not stall requests: what does not fit into the buffer is lost.
    mode            = "non-blocking"
    max-buffer-size = "8m"
  }

  sidecars = var.collector == null ? [] : [{
    name                   = "collector"
    image                  = var.collector.image
    essential              = false
    user                   = "65532:65532"
    privileged             = false
    readonlyRootFilesystem = true
    memory                 = 128
    environment            = [{ name = "AOT_CONFIG_CONTENT", value = local.collector_settings }]
    secrets                = []
    portMappings           = []
    linuxParameters        = { initProcessEnabled = false, capabilities = { add = [], drop = ["ALL"] } }
    logConfiguration = {
      logDriver = "awslogs"
      options   = merge(local.log_options, { awslogs-stream-prefix = "collector" })
    }
  }]

  # Takes OTLP from the container beside it, and signs what X-Ray gets.
  collector_settings = yamlencode({
    receivers  = { otlp = { protocols = { http = { endpoint = "127.0.0.1:4318" } } } }
    processors = { batch = { timeout = "5s", send_batch_size = 200 } }
    exporters  = { awsxray = { region = var.region } }
    service = {
      telemetry = { logs = { level = "warn" } }
      pipelines = { traces = { receivers = ["otlp"], processors = ["batch"], exporters = ["awsxray"] } }
    }
  })
}

resource "aws_ecs_task_definition" "serve" {
  #checkov:skip=CKV_AWS_336:Read-only unless ECS Exec is switched on, which needs to write
  count = var.image == null ? 0 : 1

  family                   = "${local.full_name}-serve"
  container_definitions    = jsonencode(concat([local.containers.serve], local.sidecars))
  cpu                      = var.serve.cpu
  memory                   = var.serve.memory
  network_mode             = "awsvpc"
  requires_compatibilities = [var.launch_type]
  execution_role_arn       = aws_iam_role.execution["service"].arn
  task_role_arn            = aws_iam_role.task["serve"].arn
  track_latest             = true
  skip_destroy             = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }
}

resource "aws_ecs_task_definition" "work" {
  #checkov:skip=CKV_AWS_336:Read-only unless ECS Exec is switched on, which needs to write
  count = var.image == null ? 0 : 1

  family                   = "${local.full_name}-work"
  container_definitions    = jsonencode(concat([local.containers.work], local.sidecars))
  cpu                      = var.work.cpu
  memory                   = var.work.memory
  network_mode             = "awsvpc"
  requires_compatibilities = [var.launch_type]
  execution_role_arn       = aws_iam_role.execution["service"].arn
  task_role_arn            = aws_iam_role.task["work"].arn
  track_latest             = true
  skip_destroy             = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }
}

# It is there before the first image: whoever releases registers a revision with the image to migrate with.
resource "aws_ecs_task_definition" "migrate" {
  #checkov:skip=CKV_AWS_336:Read-only unless ECS Exec is switched on, which needs to write
  family                   = "${local.full_name}-migrate"
  container_definitions    = jsonencode([local.containers.migrate])
  cpu                      = 256
  memory                   = 512
  network_mode             = "awsvpc"
  requires_compatibilities = [var.launch_type]
  execution_role_arn       = aws_iam_role.execution["migrate"].arn
  task_role_arn            = aws_iam_role.task["migrate"].arn
  track_latest             = true
  skip_destroy             = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }
}

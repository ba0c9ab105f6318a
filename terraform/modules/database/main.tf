# One Aurora cluster for all services: a schema and a role each, made by the one-off migration tasks.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  major = split(".", var.engine_version)[0]
}

resource "aws_db_subnet_group" "this" {
  name        = var.name
  description = "Subnets without a way out"
  subnet_ids  = var.subnet_ids
}

resource "aws_rds_cluster_parameter_group" "this" {
  name_prefix = "${var.name}-"
  family      = "aurora-postgresql${local.major}"
  description = "TLS only, slow statements logged without their values"

  dynamic "parameter" {
    for_each = {
      "rds.force_ssl" = "1"
      # DDL is not logged, though it looks harmless: ALTER ROLE … PASSWORD is DDL too.
      log_statement              = "none"
      log_min_duration_statement = tostring(var.slow_query_ms)
      # Names, addresses and texts are values of parameters. What somebody had erased must not live on in a log.
      log_parameter_max_length          = "0"
      log_parameter_max_length_on_error = "0"
      # Nor the details of an error, such as the address that is taken already.
      log_error_verbosity = "terse"
      log_lock_waits      = "1"
    }

    content {
      name         = parameter.key
      value        = parameter.value
      apply_method = "immediate"
    }
  }

  # A new major version wants a new group before the old one can go.
  lifecycle {
    create_before_destroy = true
  }
}

# Made before Aurora makes it, which would keep it unencrypted and for ever.
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_338:How long logs are kept is a setting; what must be kept for good stands in the audit log
  for_each = toset(["postgresql"])

  name              = "/aws/rds/cluster/${var.name}/${each.key}"
  retention_in_days = var.log_days
  kms_key_id        = var.log_key_arn
}

resource "aws_rds_cluster" "this" {
  #checkov:skip=CKV_AWS_139:On by default; environments that come and go switch it off
  #checkov:skip=CKV2_AWS_27:Slow statements are logged (the check does not read dynamic blocks); all of them would hold passwords and addresses
  #checkov:skip=CKV2_AWS_8:Aurora backs up continuously by itself, for backup_days
  cluster_identifier = var.name
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned"
  engine_version     = var.engine_version
  database_name      = "onus"

  # Nobody knows the master's password: RDS makes it, keeps it in a secret, and replaces it every seven days.
  master_username               = "onus_admin"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = var.key_arn

  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [var.security_group_id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name

  storage_encrypted                   = true
  kms_key_id                          = var.key_arn
  iam_database_authentication_enabled = true
  enabled_cloudwatch_logs_exports     = keys(aws_cloudwatch_log_group.this)

  serverlessv2_scaling_configuration {
    min_capacity = var.min_capacity
    max_capacity = var.max_capacity
    # Pausing also needs that nobody is connected: the services' pools and pollers keep the database awake, so it
    # sleeps only while they are scaled to zero. AWS takes the setting with a capacity of 0 alone.
    seconds_until_auto_pause = var.min_capacity == 0 ? var.pause_after_seconds : null
  }

  backup_retention_period      = var.backup_days
  preferred_backup_window      = var.backup_window
  preferred_maintenance_window = var.maintenance_window
  copy_tags_to_snapshot        = true
  snapshot_identifier          = var.snapshot_identifier

  deletion_protection       = var.deletion_protection
  skip_final_snapshot       = !var.deletion_protection
  final_snapshot_identifier = var.deletion_protection ? "${var.name}-final" : null
  # Where nothing is protected, nothing is left behind either.
  delete_automated_backups = !var.deletion_protection
  apply_immediately        = var.apply_immediately

  lifecycle {
    # It counts when the cluster is made; later it would make a new one.
    ignore_changes = [snapshot_identifier]
  }
}

resource "aws_rds_cluster_instance" "this" {
  count = var.instances

  identifier         = "${var.name}-${count.index + 1}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  engine_version     = aws_rds_cluster.this.engine_version
  instance_class     = "db.serverless"
  # The first two scale together, so that the second can take over at once.
  promotion_tier = count.index

  publicly_accessible        = false
  auto_minor_version_upgrade = true
  ca_cert_identifier         = "rds-ca-rsa2048-g1"
  copy_tags_to_snapshot      = true
  apply_immediately          = var.apply_immediately

  # Seven days cost nothing.
  performance_insights_enabled          = true
  performance_insights_retention_period = 7
  performance_insights_kms_key_id       = var.key_arn

  monitoring_interval = var.monitoring_seconds
  monitoring_role_arn = one(aws_iam_role.monitoring[*].arn)
}

resource "aws_iam_role" "monitoring" {
  count = var.monitoring_seconds > 0 ? 1 : 0

  name        = "${var.name}-database-monitoring"
  description = "RDS writes what it measures of the operating system"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "monitoring.rds.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "monitoring" {
  count = var.monitoring_seconds > 0 ? 1 : 0

  role       = aws_iam_role.monitoring[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"
}

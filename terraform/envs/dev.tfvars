# A place to try things: small, cheap, and gone without a trace when it is destroyed.

environment = "dev"

protect        = false
capacity       = "FARGATE_SPOT"
zones          = 2
endpoint_zones = 1
log_days       = 7

# It pauses at night, once `deploy/scale dev down` has scaled the services to zero.
database = {
  min_capacity = 0
  max_capacity = 2
  backup_days  = 1
}

sizes = {
  auth   = { serve = { max = 2 }, work = { max = 2 } }
  task   = { serve = { max = 2 }, work = { max = 2 } }
  audit  = { serve = { max = 2 }, work = { max = 2 } }
  notify = { serve = { max = 2 }, work = { max = 2 } }
}

# Nobody waits for a verdict in dev.
canary = {
  percent      = 20
  minutes      = 2
  bake_minutes = 1
}

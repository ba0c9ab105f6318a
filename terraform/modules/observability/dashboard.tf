# One page that says how the house is: alarms above, then the way of a request from the edge to the database.

locals {
  own_alarm_arns = [for alarm in aws_cloudwatch_metric_alarm.count : alarm.arn]
  half           = { width = 12, height = 6 }

  # Each widget is one graph: its title, its lines, and how they are drawn.
  graphs = concat(
    var.api_id == null ? [] : [
      { title = "Requests at the edge", stat = "Sum", metrics = [
        ["AWS/ApiGateway", "Count", "ApiId", var.api_id],
        ["AWS/ApiGateway", "4xx", "ApiId", var.api_id],
        ["AWS/ApiGateway", "5xx", "ApiId", var.api_id],
      ] },
      { title = "Milliseconds until the answer, the slowest of a hundred", stat = "p99", metrics = [
        ["AWS/ApiGateway", "Latency", "ApiId", var.api_id],
        ["AWS/ApiGateway", "IntegrationLatency", "ApiId", var.api_id],
      ] },
    ],
    var.load_balancer == null ? [] : [
      { title = "Answers of the services", stat = "Sum", metrics = [
        ["AWS/ApplicationELB", "HTTPCode_Target_2XX_Count", "LoadBalancer", var.load_balancer],
        ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "LoadBalancer", var.load_balancer],
        ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", var.load_balancer],
      ] },
    ],
    [
      { title = "Errors in the logs", stat = "Sum", metrics = [
        for service in sort(var.services) : [local.namespace, "errors-${service}"]
      ] },
      { title = "Refused sign-ins, quarantine, integrity", stat = "Sum", metrics = [
        for count in sort(keys(local.counts)) : [local.namespace, count] if !startswith(count, "errors-")
      ] },
    ],
    length(var.queues) == 0 ? [] : [
      { title = "Messages waiting", stat = "Maximum", metrics = [
        for queue in var.queues : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue]
      ] },
      { title = "Seconds that the oldest message waits", stat = "Maximum", metrics = [
        for queue in var.queues : ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue]
      ] },
    ],
    var.cluster_name == null || length(var.ecs_services) == 0 ? [] : [
      { title = "Processor of the tasks in percent", stat = "Average", metrics = [
        for service in var.ecs_services : ["AWS/ECS", "CPUUtilization", "ClusterName", var.cluster_name, "ServiceName", service]
      ] },
      { title = "Memory of the tasks in percent", stat = "Average", metrics = [
        for service in var.ecs_services : ["AWS/ECS", "MemoryUtilization", "ClusterName", var.cluster_name, "ServiceName", service]
      ] },
    ],
    var.database == null ? [] : [
      { title = "Database: capacity and connections", stat = "Maximum", metrics = [
        ["AWS/RDS", "ServerlessDatabaseCapacity", "DBClusterIdentifier", var.database],
        ["AWS/RDS", "DatabaseConnections", "DBClusterIdentifier", var.database],
        ["AWS/RDS", "ACUUtilization", "DBClusterIdentifier", var.database],
      ] },
      { title = "Database: seconds for a commit and a read", stat = "Average", metrics = [
        ["AWS/RDS", "CommitLatency", "DBClusterIdentifier", var.database],
        ["AWS/RDS", "ReadLatency", "DBClusterIdentifier", var.database],
      ] },
    ],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type       = "alarm"
        x          = 0
        y          = 0
        width      = 24
        height     = 4
        properties = { title = "Alarms", alarms = concat(local.own_alarm_arns, var.alarm_arns) }
      }],
      [for number, graph in local.graphs : {
        type   = "metric"
        x      = number % 2 * local.half.width
        y      = 4 + floor(number / 2) * local.half.height
        width  = local.half.width
        height = local.half.height
        properties = {
          title   = graph.title
          region  = var.region
          view    = "timeSeries"
          stacked = false
          stat    = graph.stat
          period  = 300
          metrics = graph.metrics
        }
      }],
    )
  })
}

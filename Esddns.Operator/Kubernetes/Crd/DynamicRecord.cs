using System.Text.Json.Serialization;
using Esddns.Operator.Kubernetes.Client;
using Esddns.Operator.Kubernetes.Client.Objects;

namespace Esddns.Operator.Kubernetes.Crd;

/// <summary>The object that declares a record: <c>dynamicrecords.esddns.io</c>. Its values are not validated.</summary>
internal sealed class DynamicRecord : KubernetesObject
{
    public const string Group = "esddns.io";
    public const string Version = "v1alpha1";
    public const string Plural = "dynamicrecords";
    public const string KindName = "DynamicRecord";

    public DynamicRecord() => (ApiVersion, Kind) = ($"{Group}/{Version}", KindName);

    public DynamicRecordSpec Spec { get; set; } = new();

    public DynamicRecordStatus? Status { get; set; }
}

/// <summary>The desired record.</summary>
internal sealed class DynamicRecordSpec
{
    [JsonConverter(typeof(SharedTextConverter))]
    public string? Zone { get; set; }

    public string? Name { get; set; }

    public List<string>? Types { get; set; }

    public int? Ttl { get; set; }

    public AddressOrigin? AddressFrom { get; set; }

    public string? Policy { get; set; }

    public bool? Suspend { get; set; }

    public SecretReference? CredentialsSecretRef { get; set; }
}

/// <summary>The origin of the addresses: exactly one of these.</summary>
internal sealed class AddressOrigin
{
    public WanOrigin? Wan { get; set; }

    public NodesOrigin? Nodes { get; set; }

    public ServiceOrigin? Service { get; set; }
}

/// <summary>The public address.</summary>
internal sealed class WanOrigin
{
    /// <summary><c>Leader</c> or <c>All</c>.</summary>
    public string? Policy { get; set; }

    /// <summary>The nodes whose public addresses are published; excludes <see cref="Policy"/>.</summary>
    public LabelSelector? NodeSelector { get; set; }
}

/// <summary>Addresses of Ready nodes.</summary>
internal sealed class NodesOrigin
{
    /// <summary><c>ExternalIP</c> or <c>InternalIP</c>.</summary>
    public string? AddressType { get; set; }

    public LabelSelector? Selector { get; set; }
}

/// <summary>The load balancer of a Service in the same namespace.</summary>
internal sealed class ServiceOrigin
{
    public string? Name { get; set; }
}

/// <summary>A key in a Secret of the same namespace.</summary>
internal sealed class SecretReference
{
    public string? Name { get; set; }

    public string? Key { get; set; }
}

/// <summary>The observed state.</summary>
internal sealed class DynamicRecordStatus
{
    public string? Fqdn { get; set; }

    /// <summary>The values in the record that are ours.</summary>
    public List<string>? Addresses { get; set; }

    /// <summary>The same as one text, for the column of <c>kubectl get</c>, which shows lists as JSON.</summary>
    public string? Address { get; set; }

    public string? RecordHref { get; set; }

    public long? ObservedGeneration { get; set; }

    public DateTime? LastSyncTime { get; set; }

    public List<Condition>? Conditions { get; set; }

    /// <summary>The RRsets with values of ours, for the next leader.</summary>
    public List<OwnedRecord>? Records { get; set; }

    /// <summary>A copy without the fields that the first CustomResourceDefinition lacked.</summary>
    public DynamicRecordStatus WithoutNewerFields()
    {
        var copy = (DynamicRecordStatus)MemberwiseClone();
        (copy.Address, copy.Records) = (null, null);
        return copy;
    }
}

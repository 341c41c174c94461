// The bodies of the Docker Engine API as Go types: what dockerd decodes them into, in all versions together.
package main

import "encoding/json"

// Docker reads a command that is a string as a list of one.
type command []string

func (c *command) UnmarshalJSON(text []byte) error {
	var list []string
	if json.Unmarshal(text, &list) == nil {
		*c = list
		return nil
	}
	var one string
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	*c = command{one}
	return nil
}

type names map[string]struct{}
type texts map[string]string

type health struct {
	Test                                          []string
	Interval, Timeout, StartPeriod, StartInterval int64
	Retries                                       int
}

// Go sets the fields of an embedded pointer only if its type is exported.
type Config struct {
	Hostname, Domainname, User, Image, WorkingDir, MacAddress, StopSignal                            string
	AttachStdin, AttachStdout, AttachStderr, Tty, OpenStdin, StdinOnce, ArgsEscaped, NetworkDisabled bool
	ExposedPorts, Volumes                                                                            names
	Env, OnBuild                                                                                     []string
	Cmd, Entrypoint, Shell                                                                           command
	Healthcheck                                                                                      *health
	Labels                                                                                           texts
	StopTimeout                                                                                      *int
}

type weight struct {
	Path   string
	Weight uint16
}

type throttle struct {
	Path string
	Rate uint64
}

type device struct{ PathOnHost, PathInContainer, CgroupPermissions string }

type deviceRequest struct {
	Driver       string
	Count        int
	DeviceIDs    []string
	Capabilities [][]string
	Options      texts
}

type ulimit struct {
	Name       string
	Hard, Soft int64
}

type resources struct {
	CpuShares, Memory, NanoCpus, CpuPeriod, CpuQuota, CpuRealtimePeriod, CpuRealtimeRuntime int64
	KernelMemory, KernelMemoryTCP, MemoryReservation, MemorySwap, CpuCount, CpuPercent      int64
	CgroupParent, CpusetCpus, CpusetMems                                                    string
	BlkioWeight                                                                             uint16
	BlkioWeightDevice                                                                       []*weight
	BlkioDeviceReadBps, BlkioDeviceWriteBps, BlkioDeviceReadIOps, BlkioDeviceWriteIOps      []*throttle
	Devices                                                                                 []device
	DeviceCgroupRules                                                                       []string
	DeviceRequests                                                                          []deviceRequest
	MemorySwappiness, PidsLimit                                                             *int64
	OomKillDisable                                                                          *bool
	Ulimits                                                                                 []*ulimit
	IOMaximumIOps, IOMaximumBandwidth                                                       uint64
}

type restartPolicy struct {
	Name              string
	MaximumRetryCount int
}

type mount struct {
	Type, Source, Target, Consistency string
	ReadOnly                          bool
	BindOptions                       *struct {
		Propagation                                                                  string
		NonRecursive, CreateMountpoint, ReadOnlyNonRecursive, ReadOnlyForceRecursive bool
	}
	VolumeOptions *struct {
		NoCopy       bool
		Labels       texts
		Subpath      string
		DriverConfig *struct {
			Name    string
			Options texts
		}
	}
	ImageOptions *struct{ Subpath string }
	TmpfsOptions *struct {
		SizeBytes int64
		Mode      uint32
		Options   [][]string
	}
	ClusterOptions *struct{}
}

type hostConfig struct {
	Binds, VolumesFrom, Dns, DnsOptions, DnsSearch, ExtraHosts, GroupAdd, Links []string
	SecurityOpt, MaskedPaths, ReadonlyPaths, Capabilities                       []string
	ContainerIDFile, NetworkMode, VolumeDriver, CgroupnsMode, IpcMode, Cgroup   string
	PidMode, UTSMode, UsernsMode, Runtime, Isolation                            string
	LogConfig                                                                   struct {
		Type   string
		Config texts
	}
	PortBindings                                            map[string][]struct{ HostIp, HostPort string }
	RestartPolicy                                           restartPolicy
	AutoRemove, Privileged, PublishAllPorts, ReadonlyRootfs bool
	CapAdd, CapDrop                                         command
	OomScoreAdj                                             int
	StorageOpt, Tmpfs, Sysctls, Annotations                 texts
	ShmSize, DiskQuota                                      int64
	ConsoleSize                                             [2]uint
	resources
	Mounts []mount
	Init   *bool
}

type endpoint struct {
	IPAMConfig *struct {
		IPv4Address, IPv6Address string
		LinkLocalIPs             []string
	}
	Links, Aliases, DNSNames                                                              []string
	MacAddress, NetworkID, EndpointID, Gateway, IPAddress, IPv6Gateway, GlobalIPv6Address string
	DriverOpts                                                                            texts
	GwPriority, IPPrefixLen, GlobalIPv6PrefixLen                                          int
}

// Until Engine 28 the fields of HostConfig are also read beside it, and a Cpuset.
type containerCreate struct {
	*Config
	HostConfig       *hostConfig
	Cpuset           string
	NetworkingConfig *struct{ EndpointsConfig map[string]*endpoint }
	*Beside
}

type Beside hostConfig

type containerUpdate struct {
	resources
	RestartPolicy restartPolicy
}

type containerExec struct {
	User, DetachKeys, WorkingDir                                     string
	Privileged, Tty, AttachStdin, AttachStdout, AttachStderr, Detach bool
	ConsoleSize                                                      *[2]uint
	Env, Cmd                                                         []string
}

type execStart struct {
	Detach, Tty bool
	ConsoleSize *[2]uint
}

type volumeCreate struct {
	Name, Driver       string
	DriverOpts, Labels texts
	ClusterVolumeSpec  *struct{ Group, Availability string }
}

type networkCreate struct {
	CheckDuplicate, Internal, Attachable, Ingress, ConfigOnly bool
	Name, Driver, Scope                                       string
	EnableIPv4, EnableIPv6                                    *bool
	IPAM                                                      *struct {
		Driver  string
		Options texts
		Config  []struct {
			Subnet, IPRange, Gateway string
			AuxiliaryAddresses       texts
		}
	}
	ConfigFrom      *struct{ Network string }
	Options, Labels texts
}

type networkConnect struct {
	Container      string
	EndpointConfig *endpoint
}

type networkDisconnect struct {
	Container string
	Force     bool
}

// By the operation's name.
var shapes = map[string]func() interface{}{
	"ContainerCreate":   func() interface{} { return new(containerCreate) },
	"ContainerUpdate":   func() interface{} { return new(containerUpdate) },
	"ContainerExec":     func() interface{} { return new(containerExec) },
	"ExecStart":         func() interface{} { return new(execStart) },
	"VolumeCreate":      func() interface{} { return new(volumeCreate) },
	"NetworkCreate":     func() interface{} { return new(networkCreate) },
	"NetworkConnect":    func() interface{} { return new(networkConnect) },
	"NetworkDisconnect": func() interface{} { return new(networkDisconnect) },
}

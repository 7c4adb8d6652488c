# Hardens an instance of the cluster at its first boot, when it knows its cluster already: what fails here keeps it from
# nothing, and is in the log of cloud-init.

# What containers need stays as it is: forwarding, and reverse paths over several network interfaces.
cat > /etc/sysctl.d/99-hardening.conf <<'END'
fs.protected_fifos = 2
fs.protected_hardlinks = 1
fs.protected_regular = 2
fs.protected_symlinks = 1
fs.suid_dumpable = 0
kernel.dmesg_restrict = 1
kernel.kexec_load_disabled = 1
kernel.kptr_restrict = 2
kernel.sysrq = 0
kernel.unprivileged_bpf_disabled = 1
kernel.yama.ptrace_scope = 1
net.core.bpf_jit_harden = 2
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.all.secure_redirects = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.accept_redirects = 0
net.ipv4.conf.default.accept_source_route = 0
net.ipv4.conf.default.secure_redirects = 0
net.ipv4.conf.default.send_redirects = 0
net.ipv4.icmp_echo_ignore_broadcasts = 1
net.ipv4.icmp_ignore_bogus_error_responses = 1
net.ipv4.tcp_syncookies = 1
net.ipv6.conf.all.accept_redirects = 0
net.ipv6.conf.default.accept_redirects = 0
END
sysctl --system > /dev/null

# There is no SSH: sessions come through Systems Manager.
systemctl mask --now sshd.service sshd.socket

# The image's own rules switch auditing off; these are about who changes what decides over the instance.
rpm --quiet -q audit || timeout 60 dnf -y -q install audit
cat > /etc/audit/rules.d/audit.rules <<'END'
-D
-i
-b 8192
-f 1
-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k modules
-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -F auid!=unset -k time
-w /etc/passwd -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/gshadow -p wa -k identity
-w /etc/sudoers -p wa -k privilege
-w /etc/sudoers.d -p wa -k privilege
-w /etc/audit -p wa -k audit
-w /etc/docker -p wa -k containers
-w /etc/ecs -p wa -k containers
-w /etc/systemd/system -p wa -k services
-w /etc/amazon/ssm -p wa -k sessions
-e 2
END
augenrules --load
systemctl enable --now auditd

import { describe, expect, it } from 'vitest'
import { ShellLab } from '../testing/shell-lab.ts'
import { parse } from './parser.ts'

/** Shell lines of the notes that this project began with. */
const lines: readonly string[] = [
  "echo 'alias vi=vim' >> /etc/profile",
  'swapoff -a',
  "sed -i.bak -r 's/(.+ swap .+)/#\\1/' /etc/fstab",
  'gg_pkg="packages.cloud.google.com/yum/doc" # Due to shorten addr for key',
  'cat <<EOF > /etc/yum.repos.d/kubernetes.repo\n[kubernetes]\ngpgkey=https://${gg_pkg}/yum-key.gpg\nEOF',
  'setenforce 0',
  "sed -i 's/^SELINUX=enforcing$/SELINUX=permissive/' /etc/selinux/config",
  'cat <<EOF >  /etc/sysctl.d/k8s.conf\nnet.bridge.bridge-nf-call-iptables = 1\nEOF\nmodprobe br_netfilter',
  'echo "192.168.1.10 m-k8s" >> /etc/hosts',
  'for (( i=1; i<=$1; i++  )); do echo "192.168.1.10$i w$i-k8s" >> /etc/hosts; done',
  'cat <<EOF > /etc/resolv.conf\nnameserver 1.1.1.1 #cloudflare DNS\nEOF',
  'yum install docker -y && systemctl enable --now docker',
  'yum install kubectl-$1 kubelet-$1 kubeadm-$1 -y',
  "if [ $2 = 'Main' ]; then\n  mv ./_Book_k8sInfra $HOME\nfi",
  'find $HOME/_Book_k8sInfra/ -regex ".*\\.\\(sh\\)" -exec chmod 700 {} \\;',
  'kubeadm init --token 123456.1234567890123456 --token-ttl 0 \\\n--pod-network-cidr=172.16.0.0/16',
  'mkdir -p $HOME/.kube\ncp -i /etc/kubernetes/admin.conf $HOME/.kube/config',
  'chown $(id -u):$(id -g) $HOME/.kube/config',
  'kubectl apply -f \\\nhttps://example.com/172.16_net_calico.yaml',
  "echo '/nfs_shared 192.168.1.0/24(rw,sync,no_root,squash)' >> /etc/exports",
  'kubectl run web --image=nginx:1.14 --port 80',
  'curl 10.44.0.2',
  'for i in {1..3}; do kubectl expose deployment np-pods --name=svc-$i --port=80; done',
]

describe('[I1] shell: lines of the notes', () => {
  it.each(lines)('reads %j', line => {
    expect(parse(line)).toMatchObject({ ok: true })
  })

  it('carries out the notes that prepare a machine', () => {
    const lab = new ShellLab()
    lab.files.set('/etc/fstab', '/dev/sda1 / ext4 defaults 0 0\n/dev/sda2 none swap sw 0 0\n')
    lab.files.set('/etc/kubernetes.conf', 'server\n')
    lab.run('set -- 3')
    lab.run(`${lines[2]}\n${lines[8]}\n${lines[9]}\n${lines[10]}\ncat /etc/fstab /etc/hosts /etc/resolv.conf`)
    lab.run(
      'mkdir -p $HOME/.kube; cp -i /etc/kubernetes.conf $HOME/.kube/config; chown $(id -u):$(id -g) $HOME/.kube/config',
    )
    lab.run('cat .kube/config')
    expect(lab.output.split('\n')).toEqual([
      '/dev/sda1 / ext4 defaults 0 0',
      '#/dev/sda2 none swap sw 0 0',
      '192.168.1.10 m-k8s',
      '192.168.1.101 w1-k8s',
      '192.168.1.102 w2-k8s',
      '192.168.1.103 w3-k8s',
      'nameserver 1.1.1.1 #cloudflare DNS',
      'server',
      '',
    ])
  })
})
